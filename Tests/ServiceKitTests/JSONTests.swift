import Foundation
import ServiceKit
import TestSupport
import Testing

@Test(arguments: [
    ("{}", JSONValue.object([:])), ("[]", .array([])), (" null ", .null), ("true", true), ("false", false),
    ("0", 0), ("-0", 0), ("-12", -12), ("9223372036854775807", .integer(.max)), ("1.5", 1.5), ("1e3", 1_000.0),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)), (#""\u00e9\n\/""#, "é\n/"),
    (#""\ud83d\ude00 😀""#, "😀 😀"),
    (#"{"a":[1,{"b":null}],"c":"随手拍"}"#, .object(["a": [1, .object(["b": .null])], "c": "随手拍"])),
])
func `JSON text is read as its value`(text: String, value: JSONValue) throws {
    #expect(try JSONValue(text: text) == value)
}

@Test(arguments: [
    "", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "nul", "'a'", "\"a", "\"\\x\"", "\"\\u12\"",
    "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\udc00\"", "\"\u{01}\"", "{a:1}", "{\"a\" 1}", "1 2", "1e999", "NaN",
    "{\"a\":1,\"a\":2}", "-", "[1 2]", "{\"a\":}",
])
func `what is not JSON is refused`(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(text: text) }
}

@Test func `text that is not UTF-8 is refused`() {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
}

@Test func `a document nested too deeply is refused rather than overflowing the stack`() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONSyntaxError(reason: "more than 64 levels", offset: 64)) { try JSONValue(text: deep) }
    #expect(try JSONValue(text: String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).array != nil)
}

@Test func `the error says where the text goes wrong`() {
    #expect(throws: JSONSyntaxError(reason: "expected a comma or }", offset: 7)) {
        try JSONValue(text: #"{"a":1 "b":2}"#)
    }
}

@Test func `equal documents are written as equal bytes`() throws {
    let one = try JSONValue(text: #"{ "b": 1.0, "a": ["x\u000b\"\\/"], "é": 0.1, "z": 1e20 }"#)
    let other = try JSONValue(text: "{\"z\":100000000000000000000,\"é\":1e-1,\"a\":[\"x\\u000B\\\"\\\\\\/\"],\"b\":1}")

    #expect(one.text() == other.text())
    #expect(one.text() == #"{"a":["x\u000b\"\\/"],"b":1,"z":1e+20,"é":0.1}"#)
    #expect(Fingerprint(of: one) == Fingerprint(of: other))
}

@Test func `a fingerprint is the SHA-256 of the bytes`() {
    #expect(
        Fingerprint(ofBytes: Array("abc".utf8)).hex
            == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Fingerprint(of: ["a": 1]) != Fingerprint(of: ["a": 2]))
}

@Test func `random documents come back unchanged, through our text and through Codable`() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
        let value = JSONValue.random(using: &random, depth: 4)
        #expect(try JSONValue(text: value.text()) == value)
        let encoded = try JSONEncoder().encode([value])
        #expect(try JSONDecoder().decode([JSONValue].self, from: encoded) == [value])
        #expect(try JSONValue(parsing: Array(encoded)) == [value])
    }
}

extension JSONValue {
    fileprivate static func random(using random: inout SeededGenerator, depth: Int) -> JSONValue {
        let texts = ["", "a", "随手拍", "\"\\/\n\r\t\u{1}", "😀", "\u{2028}"]
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
        case 3: return .number(Double.random(in: -1e6...1e6, using: &random) + 0.000_123)
        case 4: return .string(texts.randomElement(using: &random) ?? "")
        case 5: return .array((0..<3).map { _ in .random(using: &random, depth: depth - 1) })
        default:
            return .object(
                Dictionary(
                    texts.prefix(3).map { ($0, .random(using: &random, depth: depth - 1)) },
                    uniquingKeysWith: { $1 }))
        }
    }
}

@Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (1_772_325_000_123, "2026-03-01T00:30:00.123Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
])
func `moments are written in UTC with milliseconds`(milliseconds: Int64, text: String) {
    #expect(RFC3339.text(milliseconds: milliseconds) == text)
    #expect(RFC3339.text(Date(timeIntervalSince1970: Double(milliseconds) / 1_000)) == text)
    #expect(RFC3339.milliseconds(text) == milliseconds)
}

@Test(arguments: [
    "2026-03-01T08:30:00+08:00", "2026-03-01T00:30:00Z", "2026-03-01T00:30:00.000Z", "2026-02-28T19:00:00-05:30",
    "2026-03-01t00:30:00z",
])
func `moments with an offset are read`(text: String) {
    #expect(RFC3339.milliseconds(text) == 1_772_325_000_000)
    #expect(RFC3339.date(text) == Date(timeIntervalSince1970: 1_772_325_000))
}

@Test(arguments: [
    "", "2026-03-01", "2026-03-01T00:30:00", "2026-02-30T00:30:00Z", "2026-13-01T00:30:00Z", "2026-03-01T24:00:00Z",
    "2026-03-01T00:30:00Zz", "yesterday", "2026-03-01T00:60:00Z", "2026-03-01T00:30:00+0800", "2026-03-01T00:30:00.Z",
])
func `what is no moment is refused`(text: String) {
    #expect(RFC3339.milliseconds(text) == nil)
    #expect(RFC3339.date(text) == nil)
}

@Test func `base64url comes back and refuses what it is not`() {
    for count in 0..<40 {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 250) }
        #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
    }
    #expect(Base64URL.text([0xFB, 0xFF]) == "-_8")
    for text in ["+/8", "a", "aa=", "a b", "é"] { #expect(Base64URL.bytes(text) == nil) }
}
