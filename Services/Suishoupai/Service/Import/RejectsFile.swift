import Foundation
import ServiceKit

/// The rows that were not taken, with the reasons: a file of the same columns, to be mended and imported.
struct RejectsFile {
    static let lineColumn = "rejectedLine"
    static let reasonsColumn = "rejectedBecause"

    let url: URL
    private let header: [String]
    private let delimiter: Character
    private var handle: FileHandle?

    /// A file of an earlier import is taken away; a new one is made with the first reject.
    ///
    /// - Parameter header: of the imported file, which may itself be one of rejects.
    init(_ url: URL, header: [String], delimiter: Character) throws {
        self.url = url
        self.header = header
        self.delimiter = delimiter
        if FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
            try FileManager.default.removeItem(at: url)
        }
    }

    var exists: Bool { handle != nil }

    mutating func add(_ record: CSVRecord, reasons: [String]) throws {
        let file = try handle ?? begin()
        handle = file
        var cells = Array(record.cells.prefix(header.count))
        cells += Array(repeating: "", count: header.count - cells.count)
        try write(kept(cells) + [String(record.line), reasons.joined(separator: "; ")], to: file)
    }

    func close() throws {
        try handle?.close()
    }

    private func begin() throws -> FileHandle {
        guard FileManager.default.createFile(atPath: url.path(percentEncoded: false), contents: nil) else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: url.path(percentEncoded: false)])
        }
        let file = try FileHandle(forWritingTo: url)
        try write(kept(header) + [Self.lineColumn, Self.reasonsColumn], to: file)
        return file
    }

    /// Without the columns that an earlier import added.
    private func kept(_ cells: [String]) -> [String] {
        zip(header, cells).filter { $0.0 != Self.lineColumn && $0.0 != Self.reasonsColumn }.map(\.1)
    }

    private func write(_ cells: [String], to file: FileHandle) throws {
        try file.write(contentsOf: Data(CSVLine.text(cells, delimiter: delimiter).utf8))
    }
}
