import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

private let patience = Duration.milliseconds(500)

private func head(_ path: String, _ token: String, _ more: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: intake\r\nAuthorization: Bearer \(token)\r\n\(more)\r\n"
}

@Test func `who sends a header byte by byte is cut off, and others are served meanwhile`() async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { _, client in
        let port = try #require(client.port)
        try await RawConnection.open(port) { slow in
            try await slow.send("POST /v1/reports HTTP/1.1\r\nHost: intake\r\nX-Slow: ")
            try await eventually("the slow one is cut off") {
                let other = try await RawConnection.open(port) { other in
                    try await other.send("GET /health/live HTTP/1.1\r\nHost: intake\r\n\r\n")
                    return try await other.status()
                }
                #expect(other == 200)
                return try await !slow.trySending("a")
            }
        }
    }
}

@Test(arguments: [
    "", "POST /v1/rep", "POST /v1/reports HTTP/1.1\r\nHost: in", "GET /health/live HTTP/1.1\r\nHost: intake\r\n\r\n",
])
func `who stops in the middle of a head, or never goes on, is cut off`(start: String) async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { _, client in
        try await RawConnection.open(try #require(client.port)) { slow in
            try await slow.send(start)
            try await slow.hangUp()
        }
    }
}

@Test(arguments: ["Content-Length: 500\r\n", "Transfer-Encoding: chunked\r\n"])
func `who stops in the middle of a body is cut off, and nothing is stored`(length: String) async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await RawConnection.open(try #require(client.port)) { slow in
            let body = JSONValue.report().text()
            let size = String(body.utf8.count, radix: 16)
            // The whole report is there, but not the end that was announced.
            let sent = length.hasPrefix("Transfer") ? "\(size)\r\n\(body)\r\n" : body
            try await slow.send(head("/v1/reports", token, length) + sent)
            try await slow.hangUp()
            #expect(!slow.text.contains(" 201 "))
        }
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: ["/v1/reports", "/v1/photos", "/open311/v2/requests.json"])
func `who lets a body trickle is cut off, however steadily it comes`(path: String) async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await RawConnection.open(try #require(client.port)) { slow in
            let type = "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n"
            try await slow.send(head(path, token, type))
            try await eventually("it is cut off") { try await !slow.trySending("1\r\n \r\n") }
        }
    }
}

@Test func `who goes on trickling behind a refusal is cut off`() async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { _, client in
        try await RawConnection.open(try #require(client.port)) { slow in
            try await slow.send(head("/v1/reports", "nobody's", "Transfer-Encoding: chunked\r\n"))
            try await eventually("it is refused") { slow.text.contains(" 401 ") }
            try await eventually("it is cut off") { try await !slow.trySending("1\r\n \r\n") }
        }
    }
}

@Test func `a body that comes in good time is taken, though it takes longer than the patience`() async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        try await RawConnection.open(try #require(client.port)) { sender in
            let body = JSONValue.report().text()
            let blanks = 60_000
            try await sender.send(
                head("/v1/reports", token, "Content-Length: \(body.utf8.count + blanks)\r\n"))
            let start = ContinuousClock.now
            var sent = 0
            // Twice as fast as it must be.
            try await eventually("it has lasted long") {
                let due = Int((ContinuousClock.now - start) / .milliseconds(1)) * 2 * 4_096 / 1_000
                let next = min(due, blanks) - sent
                if next > 0 { try await sender.send(String(repeating: " ", count: next)) }
                sent += max(0, next)
                return ContinuousClock.now - start > patience * 3
            }
            try await sender.send(String(repeating: " ", count: blanks - sent) + body)
            try await eventually("it is taken") { sender.text.contains(" 201 ") }
        }
    }
}

@Test func `a stream that trickles is read as long as bytes come`() async throws {
    try await IntakeUnderTest.run(setup: .live, patience: patience) { intake, client in
        let token = try await intake.token("platform-a", .platform)
        try await RawConnection.open(try #require(client.port)) { slow in
            try await slow.send(head("/v1/reports/stream", token, "Transfer-Encoding: chunked\r\n"))
            let start = ContinuousClock.now
            try await eventually("it has lasted long") {
                try await slow.send("1\r\n \r\n")
                return ContinuousClock.now - start > patience * 3
            }
            let line = JSONValue.report().text() + "\n"
            try await slow.send("\(String(line.utf8.count, radix: 16))\r\n\(line)\r\n")
            try await eventually("the line is answered") { slow.text.contains("\"status\":\"accepted\"") }
        }
    }
}

@Test func `time in which a stream is slowed down is not its sender's`() async throws {
    try await IntakeUnderTest.run(setup: .live, patience: .milliseconds(300)) { intake, client in
        let key = "ssp_" + String(repeating: "cd", count: 32)
        // Fifty at once, and then five in a second.
        try await intake.read(
            [PlatformKeyGranted(keyId: "k", platform: "slow", hash: PlatformKey.hash(of: key), perMinute: 300)],
            into: PlatformKeys())
        let line = String(repeating: "x", count: 60_000) + "\n"
        try await RawConnection.open(try #require(client.port)) { sender in
            try await sender.send(head("/v1/reports/stream", key, "Content-Length: \(80 * line.utf8.count)\r\n"))
            for _ in 0..<80 { try await sender.send(line) }
            try await eventually("every line is answered") { sender.text.contains("\"line\":80,") }
        }
    }
}
