import Contracts
import Testing

@testable import Suishoupai

private func row(_ cells: [String: String], values: [String: RowText] = [:]) -> RowView {
    let names = cells.keys.sorted()
    return RowView(
        header: Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }),
        cells: names.map { cells[$0] ?? "" }, values: values)
}

// MARK: - Texts

@Test func `a template keeps its words and takes the cells, without blanks around them`() throws {
    let text = try #require(RowText.parse("{what} at {where}!"))

    #expect(text.needs == ["what", "where"])
    #expect(try row(["what": " Rubbish\t", "where": "\u{3000}the gate "]).text(text) == "Rubbish at the gate!")
}

@Test func `a cell that is not there says nothing`() throws {
    let short = RowView(header: ["a": 0, "b": 1], cells: ["x"], values: [:])

    #expect(try short.text(.template([.cell("a"), .words("-"), .cell("b")])) == "x-")
}

@Test func `a lookup says what the map says, else the stand-in, and nothing of nothing`() throws {
    let strict = RowText.lookup(column: "type", map: ["1": "Graffiti"], otherwise: nil)
    let lenient = RowText.lookup(column: "type", map: ["1": "Graffiti"], otherwise: "Other")

    #expect(try row(["type": " 1 "]).text(strict) == "Graffiti")
    #expect(try row(["type": ""]).text(strict) == "")
    #expect(try row(["type": ""]).text(lenient) == "Other")
    #expect(try row(["type": "2"]).text(lenient) == "Other")
    #expect(throws: RowFault("'2' of column type is not in the map")) { try row(["type": "2"]).text(strict) }
}

@Test func `a value may be named like the column that it is made of`() throws {
    let values: [String: RowText] = [
        "type": .lookup(column: "type", map: ["1": "Graffiti"], otherwise: nil),
        "line": .template([.cell("type"), .words("/"), .cell("type")]),
    ]

    #expect(RowText.ring(in: values) == nil)
    #expect(try row(["type": "1"], values: values).text(.cell("line")) == "Graffiti/Graffiti")
}

@Test func `values that need one another are found, and those beside them are not blamed`() {
    let ring = RowText.ring(in: [
        "a": .cell("b"), "b": .cell("c"), "c": .template([.cell("a"), .cell("fine")]), "fine": .cell("column"),
    ])

    #expect(ring == ["a", "b", "c"])
}

@Test(arguments: [
    ("SR-1", "SR-1"), ("a b", "a%20b"), ("100%", "100%25"), ("井盖", "%E4%BA%95%E7%9B%96"), ("\u{7F}", "%7F"),
    ("\t", "%09"),
])
func `a key is visible ASCII, whatever the file calls its rows`(_ name: String, _ key: String) {
    #expect(ImportMapping.visible(name) == key)
}

// MARK: - Moments

private func read(_ text: String, format: String, utcOffsetMinutes: Int = 0) throws -> Timestamp? {
    try MomentReading(.cell("at"), format: format, utcOffsetMinutes: utcOffsetMinutes).moment(in: row(["at": text]))
}

@Test(arguments: [
    ("rfc3339", "2020-01-02T03:04:05.678-08:00", "2020-01-02T11:04:05.678Z"),
    ("rfc3339", "2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000Z"),
    ("unix", "1577934245", "2020-01-02T03:04:05.000Z"),
    ("unix", "1577934245.6785", "2020-01-02T03:04:05.679Z"),
    ("unix", "-1", "1969-12-31T23:59:59.000Z"),
    ("yyyy-MM-dd HH:mm:ss", "2020-01-02 03:04:05", "2020-01-02T03:04:05.000Z"),
    ("MM/dd/yyyy hh:mm:ss a", "01/02/2020 03:04:05 PM", "2020-01-02T15:04:05.000Z"),
    ("dd.MM.yyyy", "02.01.2020", "2020-01-02T00:00:00.000Z"),
])
func `moments are read as the mapping says that they are written`(
    _ format: String, _ text: String, _ moment: String
) throws {
    #expect(try read(text, format: format)?.description == moment)
}

@Test(arguments: [
    (-480, "2020-01-02T11:04:05.000Z"), (480, "2020-01-01T19:04:05.000Z"), (840, "2020-01-01T13:04:05.000Z"),
])
func `a pattern's clock is as far from UTC as the mapping says`(_ minutes: Int, _ moment: String) throws {
    let found = try read("2020-01-02 03:04:05", format: "yyyy-MM-dd HH:mm:ss", utcOffsetMinutes: minutes)

    #expect(found?.description == moment)
}

@Test(arguments: [
    ("rfc3339", "2020-01-02"), ("rfc3339", "2020-02-30T00:00:00Z"), ("unix", "today"), ("unix", "inf"),
    ("unix", "nan"), ("unix", "1e300"), ("yyyy-MM-dd", "2020-02-30"), ("yyyy-MM-dd", "02.01.2020"),
])
func `what is no moment is said to be none`(_ format: String, _ text: String) {
    #expect(throws: RowFault("'\(text)' is not written in the format of the mapping")) {
        try read(text, format: format)
    }
}

@Test func `an empty cell is no moment and no fault`() throws {
    #expect(try read("  ", format: "unix") == nil)
}
