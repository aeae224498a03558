import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import TestSupport
import Testing

@testable import Suishoupai

/// Where an operator's command finds the broker: what runs on the folder says it, the environment how to get in.
@Suite struct DeploymentBrokerTests {
    private static let secured = [
        "KAFKA_BOOTSTRAP_SERVERS": "elsewhere:9092", "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "PLAIN", "KAFKA_SASL_USERNAME": "somebody", "KAFKA_SASL_PASSWORD": "secret",
        "KAFKA_SSL_CA_LOCATION": "/ca.pem", "KAFKA_PROPERTY_SOCKET_TIMEOUT_MS": "700", "KAFKA_TOPIC_PREFIX": "town.",
    ]

    private let folder: TemporaryFolder
    private let data: DataFolder

    init() throws {
        folder = try TemporaryFolder()
        data = DataFolder(folder.url.path(percentEncoded: false))
    }

    private func runFile(kafka: String?, prefix: String, pid: Int32 = getpid()) async {
        let file = RunFile(data.runFile)
        file.setShared(kafka: kafka, topicPrefix: prefix, snapshots: "s")
        await file.add(
            .broker(in: data, executables: URL(filePath: "/bin")), pid: pid, url: nil)
    }

    private func writeBrokerFile(pid: Int32 = getpid()) throws {
        try ContractCoding.encode(
            BrokerFile(bootstrapServers: "here:1", logId: "log", isFirst: true, pid: Int(pid))
        ).write(to: data.brokerFile)
    }

    @Test func `the environment names a cluster, with everything that it takes to get in`() throws {
        let found = try #require(try DeploymentBroker.find(data, environment: Self.secured))

        #expect(found.topicPrefix == "town.")
        let settings = try #require(found.cluster)
        #expect(settings.bootstrapServers == "elsewhere:9092")
        #expect(settings.securityProtocol == "SASL_SSL")
        #expect(settings.sasl == .init(mechanism: "PLAIN", username: "somebody", password: "secret"))
        #expect(settings.tls?.caLocation == "/ca.pem")
        #expect(settings.overrides == ["socket.timeout.ms": "700"])
    }

    @Test func `what runs on the folder says which cluster and prefix, the environment how to get in`() async throws {
        await runFile(kafka: "given:9092", prefix: "other.")

        let found = try #require(try DeploymentBroker.find(data, environment: Self.secured))

        #expect(found.cluster?.bootstrapServers == "given:9092")
        #expect(found.cluster?.sasl?.username == "somebody")
        #expect(found.topicPrefix == "other.")
    }

    @Test func `an embedded broker that runs on the folder goes before the cluster of the environment`() async throws {
        try writeBrokerFile()
        #expect(
            try DeploymentBroker.find(data, environment: Self.secured)
                == DeploymentBroker(place: .embedded(data.brokerFile), topicPrefix: "town."))

        // Its supervisor starts it anew at this moment.
        try writeBrokerFile(pid: Int32.max)
        await runFile(kafka: nil, prefix: "")
        #expect(
            try DeploymentBroker.find(data, environment: Self.secured)
                == DeploymentBroker(place: .embedded(data.brokerFile), topicPrefix: ""))
    }

    @Test func `what a killed deployment left behind counts for nothing`() async throws {
        try writeBrokerFile(pid: Int32.max)
        await runFile(kafka: "given:9092", prefix: "other.", pid: Int32.max)

        #expect(try DeploymentBroker.find(data, environment: [:]) == nil)
        #expect(
            try DeploymentBroker.find(data, environment: Self.secured)?.cluster?.bootstrapServers == "elsewhere:9092")
        let error = #expect(throws: ValidationError.self) { try DeploymentBroker.demand(data, environment: [:]) }
        #expect(error?.message.hasPrefix("Nothing runs on '") == true)
    }

    @Test func `settings that make no sense are refused by name`() {
        let environment = ["KAFKA_BOOTSTRAP_SERVERS": "k:1", "KAFKA_SASL_USERNAME": "somebody"]
        let error = #expect(throws: ValidationError.self) {
            try DeploymentBroker.find(data, environment: environment)
        }
        #expect(error?.message.contains("KAFKA_SASL_MECHANISM is missing") == true)
    }

    @Test func `a replication is refused where there is no cluster`() async throws {
        let answer = try await Program.run("up", "--data", data.path, "--replication", "3")

        #expect(answer.status == 2)
        #expect(answer.output.contains("--replication is for a cluster"), "\(answer.output)")
    }
}

/// What a broker says of its log, and the topics that it is given.
@Suite(.timeLimit(.minutes(2))) struct ClusterSessionTests {
    private static let logger = Logger(label: "test")

    private static func making(_ broker: BrokerUnderTest) -> TopicMaking {
        TopicMaking(settings: broker.settings, topicPrefix: "", replication: 1, logger: logger)
    }

    @Test func `the session of a cluster knows the log`() async throws {
        let broker = try await BrokerUnderTest()
        let known = try #require(try BrokerFile.read(broker.data.appending(path: "broker.json")))
        let session = try await DeploymentBroker(place: .cluster(broker.settings), topicPrefix: "")
            .session(logger: Self.logger)

        #expect(session.log == known.logId)
        #expect(session.session.isFirst)
        await #expect(throws: BrokerAbsence.noLog("other.log-identity.v1")) {
            _ = try await DeploymentBroker(place: .cluster(broker.settings), topicPrefix: "other.")
                .session(logger: Self.logger)
        }
        await broker.close()
    }

    @Test func `topics that are all there need no administration, and the log keeps its identity`() async throws {
        let broker = try await BrokerUnderTest()
        let known = try #require(try BrokerFile.read(broker.data.appending(path: "broker.json")))

        let outcome = try await Self.making(broker).run()

        #expect(outcome.lines.count == TopicCatalogue.all.count)
        #expect(outcome.lines.allSatisfy { $0.state == .there })
        #expect(outcome.log == known.logId)
        await broker.close()
    }

    @Test func `a topic with another number of partitions is said, and the log gets no identity`() async throws {
        let broker = try await BrokerUnderTest(without: [TopicCatalogue.caseEvents])
        try await broker.make(TopicCatalogue.caseEvents, partitions: 3)

        let outcome = try await Self.making(broker).run()

        #expect(outcome.log == nil)
        #expect(
            outcome.lines.filter { $0.state != .there }.map(\.text)
                == ["✗ case-events.v1: has 3 partitions, must have 4: make it anew"])
        await broker.close()
    }
}
