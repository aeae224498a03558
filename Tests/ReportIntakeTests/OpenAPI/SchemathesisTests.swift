import Contracts
import EventProcessing
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

/// The running service against its description, seen by a program that is not ours.
@Suite(
    .timeLimit(.minutes(5)), .enabled(if: Schemathesis.isInstalled, Comment(rawValue: Schemathesis.absence)))
struct SchemathesisTests {
    @Test func `the service answers as its description says`() async throws {
        try await IntakeUnderTest.run(pack: .offering, setup: .live) { intake, client in
            let port = try #require(client.port)
            try await intake.read([.sample(version: 2, stage: .filed)], at: .now)
            var generator = SeededGenerator()
            let seed = UInt64.random(in: 0...UInt64(UInt32.max), using: &generator)
            // Who may do everything sees the most answers.
            let token = try await intake.token("admin-1", .admin)

            let (isFine, words) = try await Schemathesis.run(port: port, token: token, seed: seed)

            #expect(isFine, "\(words)")
            // By what intake itself counted: a door that was never asked proves nothing.
            let counted = intake.metrics.text()
            let missed = try DescribedDoors.ofIntake().names.filter { name in
                let parts = name.split(separator: " ", maxSplits: 1)
                return !counted.contains("{method=\"\(parts[0])\",route=\"\(parts[1])\",")
            }
            #expect(missed.sorted() == [], "these were never asked")
        }
    }
}
