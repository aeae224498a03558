import AsyncHTTPClient
import NIOCore
import TestSupport
import Testing

@testable import Notifications

/// The clients that calls go through, and their connections.
@Suite struct HTTPClientsTests {
    private static func target(_ number: Int) throws -> CallTarget {
        CallTarget(
            url: "http://host-\(number).example/", host: "host-\(number).example",
            address: try #require(NetworkAddress("127.0.0.1")))
    }

    private static func client(_ clients: HTTPClients, _ number: Int) async throws -> HTTPClient {
        try await clients.with(try target(number)) { $0 }
    }

    /// Whether it was ended: nothing goes through it any more.
    private static func isEnded(_ client: HTTPClient) async -> Bool {
        do {
            _ = try await client.execute(HTTPClientRequest(url: "http://127.0.0.1:1/"), timeout: .seconds(5))
            return false
        } catch {
            return error as? HTTPClientError == .alreadyShutdown
        }
    }

    @Test func `a client is kept for its host, and for the address that was checked`() async throws {
        let clients = HTTPClients()
        let first = try await Self.client(clients, 1)
        let elsewhere = CallTarget(
            url: "http://host-1.example/", host: "host-1.example", address: try #require(NetworkAddress("127.0.0.2")))

        #expect(try await Self.client(clients, 1) === first)
        #expect(try await Self.client(clients, 2) !== first)
        #expect(try await clients.with(elsewhere) { $0 } !== first)
    }

    @Test func `of more than are kept the one goes that was not used for longest, and is ended`() async throws {
        let clients = HTTPClients()
        var kept: [HTTPClient] = []
        for number in 0..<HTTPClients.most { kept.append(try await Self.client(clients, number)) }
        // The oldest is used once more, so that the next one is the oldest.
        #expect(try await Self.client(clients, 0) === kept[0])
        _ = try await Self.client(clients, HTTPClients.most)

        #expect(try await Self.client(clients, 0) === kept[0])
        let oldest = kept[1]
        try await eventually("the oldest is ended") { await Self.isEnded(oldest) }
        #expect(await !Self.isEnded(kept[2]))
        #expect(try await Self.client(clients, 1) !== oldest)
    }

    @Test func `one that is in use stays, however many others come`() async throws {
        let clients = HTTPClients()
        try await clients.with(try Self.target(0)) { busy in
            for number in 1...(HTTPClients.most + 10) { _ = try await Self.client(clients, number) }
            #expect(await !Self.isEnded(busy))
            #expect(try await Self.client(clients, 0) === busy)
        }
    }

    @Test(
        .enabled(if: PythonScript.hasLibraries("cryptography"), "\(PythonScript.absence)"),
        arguments: ["/short", "/wordy"])
    func `calls to one host go over one connection, whether or not the answer has words`(path: String) async throws {
        try await PythonServer.running("Tests/NotificationsTests/Outside/patient_server.py") { server in
            let caller = HTTPCaller.here()
            for _ in 0..<5 {
                let answer = try await caller.answer(
                    to: OutsideCall(url: "http://127.0.0.1:\(server.port)\(path)", body: [1, 2, 3]))
                #expect(answer.status == (path == "/wordy" ? 200 : 204))
            }
            let told = try server.told()
            #expect(told.count { $0 == "connected" } == 1)
            #expect(told.count { $0 == "asked \(path)" } == 5)
        }
    }
}
