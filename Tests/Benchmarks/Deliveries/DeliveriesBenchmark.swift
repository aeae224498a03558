import Contracts
import EventProcessing
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import TestSupport

/// How fast messages that are due at once go out, and how much a few slow endpoints hold up the others.
///
/// The runtime's own loop on the embedded kind of broker; only the answers of the endpoints are made up.
struct DeliveriesBenchmark {
    let messages: Int
    let endpoints: Int

    /// What one run of all fast endpoints' messages took.
    private struct Figure {
        /// Milliseconds from the moment at which all were due to each answer.
        let waits: [Double]
        var perSecond: Double { Double(waits.count) / ((waits.max() ?? 0) / 1_000) }
    }

    /// Time to plan everything in before it is due.
    private static let lead: Int64 = 20_000

    func measure() async throws {
        print("| run | messages to fast endpoints | messages/s | p50 / p99 / last |\n|---|---|---|---|")
        let without = try await run(slowEvery: nil)
        show("no slow endpoint", without)
        let with = try await run(slowEvery: 100)
        show("one in a hundred takes 10 s", with)
        let delay = ((with.waits.max() ?? 0) - (without.waits.max() ?? 0)) / 1_000
        let text = delay.formatted(.number.precision(.fractionLength(2)))
        print("the rest is delayed by \(text) s, wanted at most 2 s: \(delay <= 2 ? "yes" : "NO")")
    }

    private func show(_ name: String, _ figure: Figure) {
        let waits = figure.waits
        print(
            "| \(name) | \(waits.count) | \(Int(figure.perSecond)) | \(waits.quantile(0.5)) / \(waits.quantile(0.99)) / "
                + "\(waits.quantile(1)) ms |")
    }

    private func run(slowEvery: Int?) async throws -> Figure {
        let broker = try await BrokerUnderTest()
        let due = Timestamp.now.adding(milliseconds: Self.lead)
        let edge = EndpointsEdge(slowEvery: slowEvery, due: due)
        let service = ProcessorService(
            EndpointsProcessor(due: due), edge: edge, configuration: broker.configuration("notifications"),
            logger: Logger(label: "deliveries") { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = .warning
                return handler
            })
        let group = ServiceGroup(
            services: [service], logger: Logger(label: "deliveries") { _ in SwiftLogNoOpLogHandler() })
        let fast = (0..<messages).count { !edge.isSlow(endpoint: $0 % endpoints) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await plan(on: broker)
                try await eventually("everything is planned", within: .milliseconds(Self.lead)) {
                    try planned(in: broker) == messages
                }
                guard Timestamp.now < due else { throw BenchmarkError.answered(messages, "planned too late") }
                try await eventually("all fast endpoints are told", within: .seconds(300)) { edge.count == fast }
            } catch {
                tasks.cancelAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await broker.close()
        return Figure(waits: edge.waits)
    }

    private func plan(on broker: BrokerUnderTest) async throws {
        let topic = TopicCatalogue.notificationCommands
        let records = try (0..<messages).map { number in
            let endpoint = "endpoint-\(number % endpoints)"
            let command = MarkRead(
                messageId: InboxMessageID("\(endpoint)|\(number)"), actor: Actor(personId: "bench", roles: []))
            let value = try Envelope(command, id: .random(), source: "/bench", time: .now).value()
            return OutgoingRecord(
                topic: topic.name, partition: topic.partition(forKey: endpoint), key: Data(endpoint.utf8),
                value: value)
        }
        let reports = try await KafkaProducer.withProducer(broker.settings) { try await $0.send(records) }
        for report in reports { if let error = report.error { throw error } }
    }

    private func planned(in broker: BrokerUnderTest) throws -> Int {
        try (0..<Int32(TopicCatalogue.notificationCommands.partitions)).reduce(0) { sum, partition in
            let url = PartitionStore.url(dataFolder: broker.data, processor: "notifications", partition: partition)
            let path = url.path(percentEncoded: false)
            guard FileManager.default.fileExists(atPath: path) else { return sum }
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            return try sum
                + DatabaseQueue(path: path, configuration: configuration).read { db in
                    guard try db.tableExists("delivery") else { return 0 }
                    return try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM delivery") ?? 0
                }
        }
    }
}
