import Testing

@testable import Suishoupai

/// A mapping that names all that it must, and these further lines.
private func mapping(_ more: String...) -> String {
    (["id: number", "description: '{what}'", "latitude: lat", "longitude: lon"] + more).joined(separator: "\n")
}

private struct BadMapping: Sendable, CustomTestStringConvertible {
    let yaml: String
    let sentence: String

    init(_ yaml: String, _ sentence: String) {
        self.yaml = yaml
        self.sentence = sentence
    }

    var testDescription: String { sentence }
}

private let badMappings = [
    BadMapping("", "is empty"),
    BadMapping("# nothing but a remark", "is empty"),
    BadMapping("id: [", "is not YAML"),
    BadMapping("id: a\nid: b", "is not YAML"),
    BadMapping("- id\n- description", "line 1: write it as `key: value` lines"),
    BadMapping(
        mapping("adress: street"),
        "line 5: 'adress' is not known here; choose from id, description, latitude, longitude, datum, kind, category, "
            + "observedAt, address, reporterId, values, delimiter"),
    BadMapping(mapping("[a, b]: c"), "line 5: a key must be a text"),
    BadMapping("description: a\nlatitude: b\nlongitude: c", "line 1: 'id' is missing"),
    BadMapping("id: a\nlatitude: b\nlongitude: c", "line 1: 'description' is missing"),
    BadMapping("id: a\ndescription: b\nlongitude: c", "line 1: 'latitude' is missing"),
    BadMapping("id: a\ndescription: b\nlatitude: c", "line 1: 'longitude' is missing"),
    BadMapping("id: [a]\ndescription: b\nlatitude: c\nlongitude: d", "line 1: id must name a column"),
    BadMapping("id: ''\ndescription: b\nlatitude: c\nlongitude: d", "line 1: id must name a column"),
    BadMapping("id: a\ndescription: [b]\nlatitude: c\nlongitude: d", "line 2: description must be a text"),
    BadMapping(
        "id: a\ndescription: '{b'\nlatitude: c\nlongitude: d",
        "line 2: description: a column is written {column}, with both braces"),
    BadMapping(
        "id: a\ndescription: 'b}'\nlatitude: c\nlongitude: d",
        "line 2: description: a column is written {column}, with both braces"),
    BadMapping(
        "id: 'a{}'\ndescription: b\nlatitude: c\nlongitude: d",
        "line 1: id: a column is written {column}, with both braces"),
    BadMapping(mapping("delimiter: ';;'"), "line 5: delimiter must be one character, such as \";\""),
    BadMapping(mapping("delimiter: ；"), "line 5: delimiter must be one character, such as \";\""),
    BadMapping(mapping("delimiter: '\"'"), "line 5: delimiter must be one character, such as \";\""),
    BadMapping(mapping("delimiter: [a]"), "line 5: delimiter must be one character, such as \";\""),
    BadMapping(mapping("values: [a]"), "line 5: write it as `key: value` lines"),
    BadMapping(mapping("values:", "  a: '{b}'", "  b: '{a}'"), "line 6: these values need one another: a, b"),
    BadMapping(
        mapping("category: {map: {x: E0102}}"),
        "line 5: category needs a column, such as {column: type, map: {\"1\": E0201}}"),
    BadMapping(mapping("category: {column: type, map: [x]}"), "line 5: write it as `key: value` lines"),
    BadMapping(mapping("category: {column: type, map: {x: [E0102]}}"), "line 5: the map of category holds texts only"),
    BadMapping(
        mapping("category: {column: type, map: {x: E0102}, otherwise: [E0999]}"), "line 5: otherwise must be a text"),
    BadMapping(
        mapping("kind: {column: type, otherwise: snapshot}"),
        "line 5: kind has otherwise without a map that it could be otherwise to"),
    BadMapping(
        mapping("category: {column: type, map: {x: E0102}, else: E0999}"),
        "line 5: 'else' is not known here; choose from column, map, otherwise"),
    BadMapping(
        mapping("observedAt: {format: unix}"),
        "line 5: observedAt needs a column, such as {column: created, format: unix}"),
    BadMapping(mapping("observedAt: {column: at, format: [unix]}"), "line 5: format must be a text"),
    BadMapping(
        mapping("observedAt: {column: at, utcOffsetMinutes: minus}"),
        "line 5: utcOffsetMinutes must be a number of minutes, such as -480"),
    BadMapping(
        mapping("observedAt: {column: at, utcOffsetMinutes: 900}"),
        "line 5: utcOffsetMinutes must be a number of minutes, such as -480"),
]

@Test(arguments: badMappings)
private func `a bad mapping is refused in a sentence that says where and why`(_ bad: BadMapping) throws {
    let fault = try #require(throws: MappingFault.self) { try MappingFile.parse(bad.yaml) }

    #expect("\(fault)".hasPrefix(bad.sentence))
}

@Test func `a mapping that says the least takes WGS-84, snapshots and commas`() throws {
    let mapping = try MappingFile.parse(mapping())

    #expect(mapping.delimiter == ",")
    #expect(mapping.datum == .template([.words("wgs84")]))
    #expect(mapping.kind == .template([.words("snapshot")]))
    #expect(mapping.id == .cell("number"))
    #expect(mapping.category == nil && mapping.address == nil && mapping.reporterId == nil)
    #expect(mapping.observedAt == nil)
}

@Test func `a row becomes the report that a full mapping makes of it`() throws {
    let mapping = try MappingFile.parse(
        """
        id: "la 311/{srnumber}"
        description: "{type} at {address}"
        latitude: lat
        longitude: lon
        datum: gcj02
        kind: {column: type_id, map: {"1": request}, otherwise: snapshot}
        category: {column: type_id, map: {"1": E0201, "2": E0105}, otherwise: E0999}
        observedAt: {column: created, format: "yyyy-MM-dd HH:mm:ss", utcOffsetMinutes: -480}
        address: "{address}, Los Angeles"
        reporterId: "resident-{source_id}"
        values:
          type: {column: type_id, map: {"1": Graffiti, "2": Bulky items}}
        delimiter: ";"
        """)
    let header = ["srnumber", "type_id", "lat", "lon", "created", "address", "source_id"]
    let row = RowView(
        header: Dictionary(uniqueKeysWithValues: header.enumerated().map { ($1, $0) }),
        cells: ["1-5 %", "2", " 34.05 ", "-118.25", "2020-01-02 03:04:05", "1 Main St", ""], values: mapping.values)

    #expect(mapping.delimiter == ";")
    #expect(mapping.missingColumns(in: header) == [])
    #expect(
        mapping.report(of: row)
            == .report(
                ReportLine(
                    idempotencyKey: "la%20311/1-5%20%25", kind: "snapshot", category: "E0105",
                    description: "Bulky items at 1 Main St",
                    location: .init(latitude: 34.05, longitude: -118.25, datum: "gcj02"),
                    address: "1 Main St, Los Angeles", observedAt: "2020-01-02T11:04:05.000Z", reporterId: "resident-")
            ))
}

@Test func `everything that stands in a row's way is said at once`() throws {
    let mapping = try MappingFile.parse(
        mapping(
            "category: {column: type, map: {a: E0102}}", "observedAt: at",
            "reporterId: '{who}'"))
    let row = RowView(
        header: ["number": 0, "what": 1, "lat": 2, "lon": 3, "type": 4, "at": 5, "who": 6],
        cells: ["", " ", "north", "nan", "b", "yesterday", ""], values: [:])

    #expect(
        mapping.report(of: row)
            == .unfit([
                "id: is empty", "description: is empty", "latitude: 'north' is no number of degrees",
                "longitude: 'nan' is no number of degrees", "category: 'b' of column type is not in the map",
                "observedAt: 'yesterday' is not written in the format of the mapping",
            ]))
}

@Test func `columns that the mapping needs and the file lacks are named, values are not`() throws {
    let mapping = try MappingFile.parse(
        mapping("address: '{street} {town}'", "values:", "  town: '{city}, {town}'", "  street: '{road}'"))

    #expect(mapping.missingColumns(in: ["number", "what", "lat"]) == ["city", "lon", "road", "town"])
}
