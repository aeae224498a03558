import HTTPTypes
import HummingbirdTesting
import NIOCore
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

private let badUTF8: [[UInt8]] = [
    [0xFF], [0xC0, 0x80], [0xE4, 0xBD], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
]

@Test(arguments: badUTF8)
func `JSON that is no UTF-8 is refused at the door`(bytes: [UInt8]) async throws {
    try await IntakeUnderTest.run(setup: .live) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let text = JSONValue.report(["address": "@"]).text().utf8.flatMap { $0 == UInt8(ascii: "@") ? bytes : [$0] }
        for path in ["/v1/reports", "/v1/reports/preview"] {
            let status = try await client.execute(
                uri: path, method: .post, headers: [.authorization: "Bearer \(token)"], body: ByteBuffer(bytes: text)
            ) { $0.status }
            #expect(status == .badRequest)
        }
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: badUTF8)
func `a form that is no UTF-8 is refused, escaped or not`(bytes: [UInt8]) async throws {
    try await IntakeUnderTest.run(pack: .offering, setup: .live) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let start = "api_key=\(key)&service_code=E0102&lat=28.6829&long=115.8551&description="
        let escaped = bytes.map { "%" + String($0, radix: 16) }.joined()
        for body in [Array(start.utf8) + bytes, Array((start + escaped).utf8)] {
            let reply = try await client.post(bytes: body, type: "application/x-www-form-urlencoded")
            #expect(reply.status == 400)
        }
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: [#"{"description":"a","description":"b","#, #"{"description":"a","descri\u0070tion":"b","#])
func `a report that says a thing twice is refused`(start: String) async throws {
    try await IntakeUnderTest.run(setup: .live) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let text = start + #""location":{"latitude":28.6829,"longitude":115.8551}}"#
        #expect(try await client.report(text: text, token: token).status == 400)
        let line = try await client.stream([text], token: token).lines.first
        #expect(line?["status"] == "rejected")
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: [
    ("90", "180", 200), ("-90", "-180", 200), ("90.0000001", "0", 400), ("0", "-180.0000001", 400), ("nan", "0", 400),
    ("0", "inf", 400), ("0", "Infinity", 400), ("1e999", "0", 400), ("0", "-1e999", 400), ("", "0", 400),
])
func `Open311 takes places at the edge of the Earth, and none beyond`(
    latitude: String, longitude: String, status: Int
) async throws {
    try await IntakeUnderTest.run(pack: .offering, setup: .live) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let reply = try await client.post([
            "api_key": key, "service_code": "E0102", "lat": latitude, "long": longitude, "description": "垃圾",
        ])
        #expect(reply.status == status)
        #expect(try intake.count("report") == (status == 200 ? 1 : 0))
    }
}

@Test(arguments: [
    ("nan", "0"), ("0", "inf"), ("1e999", "0"), ("90.0000001", "0"), ("0", "180.0000001"), ("", ""), ("a", "b"),
])
func `nobody stands where no place is`(latitude: String, longitude: String) async throws {
    try await IntakeUnderTest.run(setup: .live) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let status = try await client.execute(
            uri: "/v1/reports/nearby?latitude=\(latitude)&longitude=\(longitude)", method: .get,
            headers: [.authorization: "Bearer \(token)"]
        ) { $0.status }
        #expect(status == .badRequest)
    }
}

@Test func `a form within a form is no form of ours`() async throws {
    try await IntakeUnderTest.run(pack: .offering, setup: .live) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        func part(_ name: String, _ value: String, _ boundary: String) -> String {
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let inner = part("lat", "28.6829", "in") + part("long", "115.8551", "in") + "--in--"
        let body =
            part("api_key", key, "out") + part("service_code", "E0102", "out")
            + "--out\r\nContent-Disposition: form-data; name=\"all\"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
            + inner + "\r\n--out--\r\n"
        let reply = try await client.post(body: body, type: "multipart/form-data; boundary=out")
        // What lies in the inner form is one text, so the request has no place.
        #expect(reply.status == 400)
        #expect(try intake.count("report") == 0)
    }
}
