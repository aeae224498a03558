import Contracts
import Foundation
import TestSupport
import Testing

/// A cluster that lost everything is replaced by an empty one, and what was said before is had again.
@Suite(.serialized, .timeLimit(.minutes(8))) struct LostClusterTests {
    private static let hosts = ["--replication", "1", "--own-folders", "--replicas", "case-routing=2"]

    private struct Adopted: Decodable {
        let store: String
        let choice: String
        let applied: Int
    }

    private struct Ended: Decodable {
        let topic: String
        let partition: Int
        let records: Int
    }

    @Test func `an operator chooses the copies that go on, and readers get back what they lost`() async throws {
        let before = try await StandingBroker.running(topicPrefix: "town.") { broker in
            let deployment = try Deployment(environment: broker.environment)
            try await deployment.running(Self.hosts) { deployment in
                let load = try await deployment.suishoupai(
                    "simulate", "--data", deployment.data, "--reports", "12", "--staff", "--seed", "5")
                #expect(load.status == 0, "\(load.output)")
            }
            return deployment
        }
        try await StandingBroker.running(topicPrefix: "town.") { broker in
            let deployment = try Deployment(
                goingOnWith: URL(filePath: before.data), environment: broker.environment)
            try await Self.adopt(deployment)
            try await deployment.running(Self.hosts) { deployment in
                let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60")
                #expect(audit.status == 0, "\(audit.output)")
                let later = try await deployment.caseOfReport(by: "rider-1", "E0102", key: "later")
                #expect(later.ownerUnitId == "mingdu-property")
                try await Self.replay(deployment)
            }
        }
    }

    /// Takes all or nothing: a place that lacks some copies changes nothing.
    private static func adopt(_ deployment: Deployment) async throws {
        let snapshots = "\(deployment.data)/snapshots"
        let elsewhere = deployment.folder.url.appending(path: "elsewhere").path(percentEncoded: false)
        let nothing = try await deployment.suishoupai("log", "adopt", "--snapshots", elsewhere)
        #expect(nothing.status == 1)
        #expect(nothing.output.contains("✗ points/2: no copy. Offer it from its host"), "\(nothing.output)")

        let looked = try await deployment.suishoupai("log", "adopt", "--snapshots", snapshots, "--dry-run")
        #expect(looked.status == 0, "\(looked.output)")
        #expect(looked.output.contains("would go on in log"), "\(looked.output)")

        let offered = try await deployment.suishoupai(
            "log", "offer", "--data", deployment.data, "--snapshots", snapshots)
        #expect(offered.status == 0, "\(offered.output)")
        let adopted = try await deployment.suishoupai("log", "adopt", "--snapshots", snapshots, "--json")
        #expect(adopted.status == 0, "\(adopted.output)")
        let lines = try JSONDecoder().decode([Adopted].self, from: Data(adopted.output.utf8))
        #expect(lines.count == 12)
        #expect(lines.allSatisfy { $0.choice == "adopted" && $0.applied > 0 }, "\(adopted.output)")

        let again = try await deployment.suishoupai("log", "adopt", "--snapshots", snapshots)
        #expect(again.status == 0)
        #expect(again.output.contains("• points/2: goes on in log"), "\(again.output)")
    }

    private static func replay(_ deployment: Deployment) async throws {
        let topic = TopicCatalogue.caseEvents.name
        let wrong = try await deployment.suishoupai("replay", "--data", deployment.data, "--topic", "reports.v1")
        #expect(wrong.status == 2)
        #expect(wrong.output.contains("is not written by a processor; choose from case-events.v1"), "\(wrong.output)")

        let said = try await deployment.suishoupai("replay", "--data", deployment.data, "--topic", topic, "--json")
        #expect(said.status == 0, "\(said.output)")
        let ended = try JSONDecoder().decode([Ended].self, from: Data(said.output.utf8))
        #expect(ended.map(\.partition) == [0, 1, 2, 3])
        let rows = try BestStores(deployment).rows(
            "SELECT number FROM outbox WHERE topic = '\(topic)'", having: "outbox")
        #expect(ended.reduce(0) { $0 + $1.records } == rows.count)

        let states = try await deployment.suishoupai("replay", "--data", deployment.data, "--states")
        #expect(states.status == 0, "\(states.output)")
        #expect(states.output.contains(/✓ cases.v1: [1-9]\d* records of 4 partitions/), "\(states.output)")
    }
}
