import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

/// Sends a text to intake as it stands, ends where `ends` says so, and gives the first answer's status.
private func exchange(
    _ make: @Sendable (String) -> [String], isHungUp: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Int {
    let status = KeptValue(0)
    try await IntakeUnderTest.run(setup: .live) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await RawConnection.open(try #require(client.port)) { connection in
            let start = "POST /v1/reports HTTP/1.1\r\nHost: intake\r\nAuthorization: Bearer \(token)\r\n"
            for piece in make(start) { guard try await connection.trySending(piece) else { break } }
            status.set(try await connection.status())
            if isHungUp { try await connection.hangUp() }
        }
        #expect(try intake.count("report") == 0, "nothing of it is stored", sourceLocation: sourceLocation)
        let health = try await client.execute(uri: "/health/live", method: .get) { $0.status }
        #expect(health == .ok, "others are served", sourceLocation: sourceLocation)
        #expect(!intake.metrics.text().contains("status=\"5"), sourceLocation: sourceLocation)
    }
    return status.value
}

private let report = JSONValue.report().text()

@Test func `a body that is announced as too large is refused before it comes`() async throws {
    #expect(try await exchange { ["\($0)Content-Length: 10000000000\r\n\r\n"] } == 413)
}

@Test func `a body that has no end is refused and not read on`() async throws {
    let piece = "8000\r\n" + String(repeating: " ", count: 0x8000) + "\r\n"
    let most = 32 * 1_024 * 1_024
    let status = try await exchange(
        { ["\($0)Transfer-Encoding: chunked\r\n\r\n"] + Array(repeating: piece, count: most / piece.utf8.count) },
        isHungUp: true)
    #expect(status == 413)
}

@Test(arguments: [
    "-1", "+5", "0x10", "1e3", "5, 6", "5\r\nContent-Length: 6", "99999999999999999999", "five", "",
])
func `a length that is none is refused`(length: String) async throws {
    #expect(try await exchange({ ["\($0)Content-Length: \(length)\r\n\r\n\(report)"] }, isHungUp: true) == 400)
}

@Test func `of a body that is longer than announced no half is taken`() async throws {
    #expect(try await exchange({ ["\($0)Content-Length: 10\r\n\r\n\(report)"] }, isHungUp: true) == 400)
}

@Test func `a body that ends before its announced length stores nothing`() async throws {
    try await IntakeUnderTest.run(setup: .live) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await RawConnection.open(try #require(client.port)) { connection in
            try await connection.send(
                "POST /v1/reports HTTP/1.1\r\nHost: intake\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Length: \(report.utf8.count + 1)\r\n\r\n\(report)")
            try await connection.end()
        }
        try await eventually("it has been given up") {
            intake.metrics.text().contains("route=\"/v1/reports\",status=\"400\"")
        }
        #expect(try intake.count("report") == 0)
    }
}

@Test func `two ways to say the length are refused`() async throws {
    let status = try await exchange(
        { ["\($0)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"] }, isHungUp: true)
    #expect(status == 400)
}

@Test(arguments: ["zz\r\n", "-5\r\nhello\r\n", "FFFFFFFFFFFFFFFFF\r\n", "5\r\nhelloworld\r\n"])
func `a piece without a proper length is refused`(piece: String) async throws {
    let status = try await exchange({ ["\($0)Transfer-Encoding: chunked\r\n\r\n\(piece)"] }, isHungUp: true)
    #expect(status == 400)
}

@Test func `a head that is too large is refused`() async throws {
    let one = "X-Long: " + String(repeating: "a", count: 100_000) + "\r\n"
    #expect(try await exchange({ ["\($0)\(one)\r\n"] }, isHungUp: true) == 400)
    let many = (1...1_100).map { "X-\($0): a\r\n" }.joined()
    #expect(try await exchange({ ["\($0)\(many)\r\n"] }, isHungUp: true) == 400)
}

@Test(arguments: [
    "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}", "GET / HTTP/9.9\r\n\r\n", "GET\r\n\r\n", "G\0T / HTTP/1.1\r\n\r\n",
])
func `what is no HTTP is refused`(text: String) async throws {
    #expect(try await exchange({ _ in [text] }, isHungUp: true) == 400)
}
