import Foundation
import Hummingbird
import ServiceKit
import Testing

private enum Shade: String, CaseIterable {
    case light
    case dark
}

private struct Order: Equatable {
    var description = ""
    var note: String?
    var count: Int64 = 0
    var weight = 0.0
    var isUrgent = false
    var shade = Shade.light
    var latitude = 0.0
    var longitude = 0.0
    var photos: [String] = []
    var lines: [Int64] = []
    var when: Date?
}

private func order(_ json: JSONValue) throws -> Order {
    try FieldReader.read(json) { fields in
        Order(
            description: fields.string("description", length: 1...10), note: fields.optionalString("note"),
            count: fields.integer("count", in: 1...9), weight: fields.number("weight", in: 0...1.5),
            isUrgent: fields.optionalBool("isUrgent") ?? false, shade: fields.enumeration("shade"),
            latitude: fields.object("place") { $0.number("latitude", in: -90...90) },
            longitude: fields.optionalObject("place") { $0.number("longitude", in: -180...180) } ?? 0,
            photos: fields.strings("photos", count: 0...3, length: 1...5),
            lines: fields.objects("lines", count: 0...3) { $0.integer("number") },
            when: fields.optionalInstant("when"))
    }
}

private let whole: JSONValue = [
    "description": "破损", "count": 3, "weight": 1, "shade": "dark", "photos": ["a", "b"],
    "lines": [["number": 1], ["number": 2]], "when": "1970-01-01T08:00:01+08:00", "note": nil,
]

@Test func `a whole object is read`() throws {
    var json = whole.object ?? [:]
    json["place"] = ["latitude": 28.6]

    let result = try FieldReader.read(.object(json)) { fields in
        (
            fields.string("description"), fields.optionalString("note"), fields.integer("count", in: 1...9),
            fields.number("weight", in: 0...1.5), fields.enumeration("shade", Shade.self),
            fields.object("place") { $0.number("latitude", in: -90...90) },
            fields.strings("photos", count: 0...2), fields.objects("lines", count: 1...2) { $0.integer("number") },
            fields.instant("when")
        )
    }

    #expect(result.0 == "破损" && result.1 == nil && result.2 == 3 && result.3 == 1 && result.4 == .dark)
    #expect(result.5 == 28.6 && result.6 == ["a", "b"] && result.7 == [1, 2])
    #expect(result.8 == Date(timeIntervalSince1970: 1))
}

@Test func `every wrong field is named at once`() throws {
    let json: JSONValue = [
        "description": "   ", "note": 7, "count": 10, "weight": "1", "isUrgent": "yes", "shade": "grey",
        "photos": ["ok", "toolong", 3], "lines": [["number": 1], ["number": 1.5, "numbr": 2], 4], "when": "soon",
        "typo": 1,
    ]

    let problem = try #require(throws: ProblemDetails.self) { try order(json) }

    #expect(problem.status == .unprocessableContent)
    let messages = Dictionary(uniqueKeysWithValues: problem.errors.map { ($0.field, $0.message) })
    #expect(
        messages == [
            "description": "must not be blank",
            "note": "must be a string, not a number",
            "count": "must be from 1 to 9",
            "weight": "must be a number, not a string",
            "isUrgent": "must be true or false, not a string",
            "shade": "must be one of light, dark",
            "place": "is missing",
            "photos[1]": "must be 1 to 5 characters long, but has 7",
            "photos[2]": "must be a string, not a number",
            "lines[1].number": "must be a whole number, not a number",
            "lines[1].numbr": "is not a field that is known here",
            "lines[2]": "must be an object, not a number",
            "when": "must be a moment such as 2026-03-01T08:30:00+08:00",
            "typo": "is not a field that is known here",
        ])
}

@Test func `a missing object is reported once, not field by field`() throws {
    let problem = try #require(throws: ProblemDetails.self) {
        try FieldReader.read([:]) { fields in
            fields.object("place") { place in
                (place.number("latitude", in: -90...90), place.object("inner") { $0.string("deep") })
            }
        }
    }
    #expect(problem.errors == [.init(field: "place", message: "is missing")])
}

@Test func `the body itself must be an object`() throws {
    let problem = try #require(throws: ProblemDetails.self) { try FieldReader.read([1]) { $0.string("a") } }
    #expect(problem.errors == [.init(field: "", message: "must be an object, not an array")])
}

@Test func `a lenient reader lets unknown fields pass`() throws {
    #expect(try FieldReader.read(["a": "x", "b": 1], strict: false) { $0.string("a") } == "x")
}

@Test func `a rule of the caller is reported with the field's whole name`() throws {
    let problem = try #require(throws: ProblemDetails.self) {
        try FieldReader.read(["outer": ["id": "x"]]) { fields in
            fields.object("outer") { outer -> String in
                outer.value("id", standIn: "") { _ throws(WrongField) in throw WrongField("must be a real id") }
            }
        }
    }
    #expect(problem.errors == [.init(field: "outer.id", message: "must be a real id")])
}

@Test func `control characters are refused, line breaks are not`() throws {
    #expect(try FieldReader.read(["a": "x\ny"]) { $0.string("a") } == "x\ny")
    #expect(throws: ProblemDetails.self) { try FieldReader.read(["a": "x\0"]) { $0.string("a") } }
}
