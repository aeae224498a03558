import Contracts
import EventProcessing
import Foundation
import Kafka
import TestSupport
import Testing

/// Everything as on a cluster: the services and every command of the operator find the broker by its address alone, and
/// its topics by a prefix.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ClusterTests {
    private static let topic = TopicCatalogue.caseCommands
    private static let partition = topic.partition(forKey: "mingdu")

    @Test func `up and the operator's commands work on a cluster that several deployments share`() async throws {
        try await StandingBroker.running(topicPrefix: "town-a.") { broker in
            let deployment = try Deployment(environment: broker.environment)
            let made = try await deployment.suishoupai("topics", "create")
            #expect(made.status == 0, "\(made.output)")
            #expect(made.output.contains("• town-a.case-commands.v1 was there"), "\(made.output)")
            try await deployment.running(["--replication", "1"]) { deployment in
                let first = try await deployment.caseOfReport(by: "rider-1", "E0102", key: "first")
                #expect(first.ownerUnitId == "mingdu-property")

                let applied = try await deployment.suishoupai(
                    "pack", "apply", deployment.pack.path(percentEncoded: false), "--data", deployment.data)
                #expect(applied.output == "✓ pack nanchang 1 is in force everywhere\n")

                try await Self.skipWhatIsInTheWay(of: deployment, broker)
                try await Self.decideUponLetters(of: deployment, broker)
            }
        }
    }

    @Test func `on a cluster without our topics up waits, and up and the commands say what to run`() async throws {
        try await StandingBroker.running(topicPrefix: "town-a.") { broker in
            let elsewhere = StandingBroker(bootstrapServers: broker.bootstrapServers, topicPrefix: "town-b.")
            let deployment = try Deployment(environment: elsewhere.environment)
            let words = "town-b.log-identity.v1 is missing or empty: run 'suishoupai topics create' first"
            try await deployment.running(saying: words) { deployment in
                let skipped = try await deployment.suishoupai(
                    "skip", "--data", deployment.data, "--topic", Self.topic.name, "--partition", "0", "--offset", "0",
                    "--reason", "a test")
                #expect(skipped.status == 2)
                #expect(skipped.output.contains(words), "\(skipped.output)")
            }
        }
    }

    /// The partition stands still at a record, until it is skipped.
    private static func skipWhatIsInTheWay(of deployment: Deployment, _ broker: StandingBroker) async throws {
        let early = Envelope(LogIdentity(id: "early", first: false), id: .random(), source: "/test", time: .now)
        let offset = try await send(
            try early.value(), to: broker, at: Timestamp.now.milliseconds + 365 * 86_400_000)
        try await eventually("case-routing says what it waits for", within: .seconds(60)) {
            try await deployment.get("case-routing", "/health/ready").text
                .contains("record \(offset) of partition \(partition) is stamped")
        }
        let skipped = try await deployment.suishoupai(
            "skip", "--data", deployment.data, "--topic", topic.name, "--partition", "\(partition)", "--offset",
            "\(offset)", "--reason", "stamped a year ahead")
        #expect(skipped.status == 0, "\(skipped.output)")
        let later = try await deployment.caseOfReport(by: "rider-2", "E0102", key: "later", metresNorth: 200)
        #expect(later.ownerUnitId == "mingdu-property")
    }

    /// What the broker keeps of decisions is read by the commands that follow, also without the folder's own file.
    private static func decideUponLetters(of deployment: Deployment, _ broker: StandingBroker) async throws {
        _ = try await send(Data("{}".utf8), to: broker)
        let name = try await eventually("what is no command lies among the letters") {
            try await deployment.suishoupai("dead-letters", "list", "--data", deployment.data).output
                .firstMatch(of: /(case-routing\/\d) #(\d+)/)
        }
        let discarded = try await deployment.suishoupai(
            "dead-letters", "discard", "\(name.1)#\(name.2)", "--data", deployment.data, "--reason", "a test")
        #expect(discarded.status == 0, "\(discarded.output)")
        try FileManager.default.removeItem(atPath: "\(deployment.data)/dead-letters.json")
        let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60", "--replay")
        #expect(audit.status == 0, "\(audit.output)")
        #expect(
            audit.output.contains(/✓ case-routing is what its log makes of it \([1-9]\d* checked\)/), "\(audit.output)")
        #expect(audit.output.contains("✓ no dead letter is unexplained (2 checked)"), "\(audit.output)")
    }

    /// Sends something to a partition of case-routing as an outsider would, and says where it lies.
    private static func send(_ value: Data, to broker: StandingBroker, at moment: Int64? = nil) async throws -> Int64 {
        let record = OutgoingRecord(
            topic: broker.topicPrefix + topic.name, partition: partition, key: Data("mingdu".utf8), value: value,
            timestamp: moment)
        let settings = KafkaSettings(bootstrapServers: broker.bootstrapServers, clientID: "test")
        let answers = try await KafkaProducer.withProducer(settings) { try await $0.send([record]) }
        return try #require(answers.first?.offset)
    }
}
