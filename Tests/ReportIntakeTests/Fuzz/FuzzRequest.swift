import HTTPTypes
import Hummingbird

/// One request of the corpus.
struct FuzzRequest: Sendable, CustomStringConvertible {
    var method: HTTPRequest.Method
    var path: String
    var headers: HTTPFields = [:]
    var body: [UInt8] = []
    /// The photo or voice note that it brings, by the hash of its bytes, as long as nothing was spoiled.
    var file: String?

    var description: String {
        let type = headers[.contentType] ?? "no type"
        let start = String(decoding: body.prefix(400), as: UTF8.self)
        return "\(method.rawValue) \(path.prefix(300)) (\(type), \(body.count) bytes): \(start)"
    }
}

/// An object of JSON of which every member may be anything, doubled, or no JSON at all.
struct RawObject {
    var members: [(name: String, text: String)]

    var text: String { "{" + members.map { "\(RawObject.quoted($0.name)):\($0.text)" }.joined(separator: ",") + "}" }

    static func quoted(_ text: String) -> String {
        "\"" + text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}

/// Values that stand where others belong.
enum OddValues {
    static let json = [
        "null", "true", "0", "-1", "-0", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "-Infinity", "0x10", "01",
        "1.",
        "\"\"", "\" \"", "\"\u{3000}\"", "[]", "{}", "[[]]", "[null]", "[1,2]", "{\"a\":{}}", "9223372036854775807",
        "9223372036854775808", "-9223372036854775809", "1.7976931348623157e308", "90", "-90", "180", "-180",
        "90.0000001",
        "-180.0000001", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\u{7f}\"",
        "\"<script>alert(1)</script>\"",
        "\"'; DROP TABLE report; --\"", "\"../../etc/passwd\"", "\"%s%n\"", "\"2026-13-99T99:99:99Z\"",
        "\"2026-03-01T08:30:00+08:00\"", "\"9999-12-31T23:59:59Z\"", "\"-2026-01-01T00:00:00Z\"", "\"wgs84\"",
        "\"gcj02\"",
        "\"request\"", "\"anonymous\"", "'a'", "undefined", "",
    ]
    static let texts = [
        "", " ", "a", "垃圾没人收", "井盖破损，电话 13800138000", "着火了 fire", "👨‍👩‍👧‍👦🏳️‍🌈", "\u{202E}txet", "e\u{301}\u{301}\u{301}",
        "\u{0}", "\u{1B}[31m", "a\nb\tc\r\n", "\u{FFFF}", "\u{10FFFF}", "<a>&amp;]]>", "nan", "inf", "-1", "1e999",
        "0x1p3",
        "90", "-180", "90.0000001", "0", "9223372036854775808", "E0102", "case-1", "open,closed", "true",
        "2026-03-01T00:00:00Z", "2026-03-01T00:00:00+08:00", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", ",,,",
        "=&=&",
        "%", "%00", "%zz", "%ff", "%C0%80", "[]", "{}", "../..", "..%2f..", "a;b", "a\"b",
    ]
    static let bytes: [[UInt8]] = [
        [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xBD], [0xEF, 0xBB, 0xBF],
        [0x0A],
        [0x0D, 0x0A], [0x22], [0x5C], [0x7B], [0x5D], [0x2C], [0x25], [0x26], [0x3D], [0x2D, 0x2D], [0x7F],
    ]
    static let types = [
        "application/json", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b-1", "image/jpeg",
        "multipart/form-data; boundary=\"b-1", "multipart/mixed; boundary=b-1", "application/x-ndjson", "", ";;;",
        "a/b/c",
    ]
}
