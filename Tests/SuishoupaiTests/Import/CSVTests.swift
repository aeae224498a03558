import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Suishoupai

/// Reads all rows, with the file in pieces of so many bytes.
private func records(_ bytes: [UInt8], delimiter: Character = ",", pieces: Int = 7) throws -> [CSVRecord] {
    var rest = bytes[...]
    var records = CSVRecords(delimiter: delimiter.asciiValue ?? 0) {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst(pieces) }
        return Data(rest.prefix(pieces))
    }
    var found: [CSVRecord] = []
    while let record = try records.next() { found.append(record) }
    return found
}

private func records(_ text: String, delimiter: Character = ",", pieces: Int = 7) throws -> [CSVRecord] {
    try records(Array(text.utf8), delimiter: delimiter, pieces: pieces)
}

@Test(arguments: [1, 2, 3, 1_000])
func `cells may hold delimiters, line breaks and quotes when they are quoted`(_ pieces: Int) throws {
    let text = "a,b\r\n\"1, 2\",\"say \"\"hi\"\"\nand go\"\n\n  ,\"\"\n5"

    let found = try records(text, pieces: pieces)

    #expect(found.map(\.cells) == [["a", "b"], ["1, 2", "say \"hi\"\nand go"], ["  ", ""], ["5"]])
    #expect(found.map(\.line) == [1, 2, 5, 6])
    #expect(found.last?.endOffset == text.utf8.count)
}

@Test func `a byte order mark is no part of the first column's name`() throws {
    #expect(try records([0xEF, 0xBB, 0xBF] + Array("a;b".utf8), delimiter: ";").map(\.cells) == [["a", "b"]])
}

@Test func `a quote that is never closed is said with the line where it was opened`() {
    #expect(throws: CSVFault.openQuote(line: 3)) { try records("a,b\n1,2\n3,\"4\n5,6\n") }
}

@Test func `bytes that are no text are said with their line`() {
    #expect(throws: CSVFault.notUTF8(line: 2)) { try records(Array("a\n".utf8) + [0xFF, 0xFE, 0x0A]) }
}

@Test func `what was written as CSV is read as it was`() throws {
    var generator = SeededGenerator()
    let letters = ["a", "井", " ", ",", ";", "\"", "\n", "'"]
    for _ in 0..<200 {
        let rows = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
            // A row whose only cell is empty would be an empty line, which is passed over.
            ["x"]
                + (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                        letters.randomElement(using: &generator) ?? ""
                    }.joined()
                }
        }
        let delimiter: Character = Bool.random(using: &generator) ? "," : ";"
        let text = rows.map { CSVLine.text($0, delimiter: delimiter) }.joined()

        let found = try records(text, delimiter: delimiter, pieces: Int.random(in: 1...9, using: &generator))

        #expect(found.map(\.cells) == rows)
        #expect(found.last?.endOffset == text.utf8.count)
    }
}

// MARK: - Rows through a mapping

private func rows(_ text: String, mapping: ImportMapping) throws -> MappedRows {
    var piece: Data? = Data(text.utf8)
    let records = CSVRecords {
        defer { piece = nil }
        return piece
    }
    return try MappedRows(records, mapping: mapping)
}

private let plain = ImportMapping(
    id: .cell("id"), description: .cell("what"), latitude: .cell("lat"), longitude: .cell("lon"))

@Test(arguments: [
    ("", "the file is empty: its first line must name the columns"),
    ("\n\n", "the file is empty: its first line must name the columns"),
    ("id,what,what,id,lat,lon\n", "these columns are there twice: id, what"),
    ("id,lat\n", "the mapping needs columns that the file lacks: lon, what; it has id, lat"),
])
func `a file that cannot be imported is refused in a sentence`(_ text: String, _ sentence: String) throws {
    let fault = try #require(throws: ImportFault.self) { try rows(text, mapping: plain) }

    #expect("\(fault)" == sentence)
    #expect(fault.isMisuse)
}

@Test func `a row of another length than the header's gives no report`() throws {
    var found = try rows("id,what,lat,lon\n1,a,2,3,4\n2\n3,b,5,6\n", mapping: plain)

    #expect(try found.next()?.content == .unfit(["has 5 cells where the header has 4"]))
    #expect(try found.next()?.content == .unfit(["has 1 cells where the header has 4"]))
    let line = try #require(try found.next())
    guard case .line(let bytes) = line.content else {
        Issue.record("row 3 gives a report")
        return
    }
    #expect(
        String(decoding: bytes, as: UTF8.self)
            == #"{"description":"b","idempotencyKey":"3","kind":"snapshot","location":"#
            + #"{"datum":"wgs84","latitude":5,"longitude":6}}"# + "\n")
    #expect(try found.next() == nil)
}

// MARK: - Rejects

@Test func `rejects can be mended and imported, and rejected again without growing`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "rejects.csv")
    try Data("from an earlier import".utf8).write(to: file)

    var first = try RejectsFile(file, header: ["id", "what"], delimiter: ";")
    #expect(!FileManager.default.fileExists(atPath: file.path))
    #expect(!first.exists)
    try first.add(CSVRecord(line: 2, cells: ["1"], endOffset: 0), reasons: ["too short", "what: is empty"])
    try first.add(CSVRecord(line: 9, cells: ["2", "a;b", "more"], endOffset: 0), reasons: ["too long"])
    try first.close()
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(
        text == """
            id;what;rejectedLine;rejectedBecause
            1;;2;"too short; what: is empty"
            2;"a;b";9;too long

            """)

    let again = folder.url.appending(path: "again.csv")
    var second = try RejectsFile(
        again, header: ["id", "what", "rejectedLine", "rejectedBecause"], delimiter: ";")
    try second.add(CSVRecord(line: 2, cells: ["1", "", "2", "too short"], endOffset: 0), reasons: ["what: is empty"])
    try second.close()
    #expect(
        try String(contentsOf: again, encoding: .utf8)
            == "id;what;rejectedLine;rejectedBecause\n1;;2;what: is empty\n")
}
