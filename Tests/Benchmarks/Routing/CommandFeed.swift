import Contracts
import EventProcessing
import Foundation
import Kafka

/// Writes commands to the topic that case-routing reads, never more than the broker keeps.
struct CommandFeed {
    private let ground: RoutingGround
    private let settings: KafkaSettings
    private let log: String
    private let maker: CommandMaker
    /// Where the log ends, by partition, as far as this feed wrote it.
    private var ends: [Int64]
    private var reports = 0

    /// The broker forgets beyond 5 MB a partition.
    private static let mostWaiting: Int64 = 2_500
    private static let topic = TopicCatalogue.caseCommands

    init(_ ground: RoutingGround) throws {
        guard let address = try ground.address() else { throw BenchmarkError.notRunning("embedded-broker") }
        self.ground = ground
        settings = KafkaSettings(bootstrapServers: address.bootstrapServers, clientID: "feed", embedded: true)
        log = address.logId
        maker = CommandMaker(communities: ground.pack.communities.map(\.id))
        ends = Array(repeating: 0, count: Self.topic.partitions)
    }

    mutating func putPackInForce() async throws {
        let (parts, activation) = try PackTransport.messages(for: ground.pack)
        for partition in ends.indices {
            try await send(
                try parts.map { try maker.command($0, on: partition) } + [try maker.command(activation, on: partition)])
        }
        try await waitUntilApplied()
    }

    /// Fills the stores the way that cases come: a report each.
    mutating func store(cases count: Int) async throws {
        let before = try ground.count().cases
        while reports < count {
            let next = min(count - reports, 1_000)
            try await send(try (reports..<(reports + next)).map { try maker.register($0) })
            reports += next
            let ends = ends
            try await ground.wait(for: "case-routing") {
                zip(ends, try ground.positions()).allSatisfy { $0 - $1 < Self.mostWaiting }
            }
        }
        try await waitUntilApplied()
        let stored = try ground.count().cases - before
        guard stored == count else { throw BenchmarkError.answered(stored, "cases stored instead of \(count)") }
    }

    /// All ways through the same commands: routing that was held until they lay there, then the loop alone.
    ///
    /// - Returns: Commands in a second.
    mutating func round(of count: Int) async throws -> RoutingBenchmark.Speeds {
        var seconds = RoutingBenchmark.Speeds()
        var done = 0
        while done < count {
            ground.hold()
            let begins = ends
            var commands: [CommandMaker.Command] = []
            while commands.count < min(count - done, Int(Self.mostWaiting) * ends.count) {
                commands += try maker.wholeWay(reports)
                reports += 1
            }
            try await send(commands)
            seconds.routing += try await timed {
                ground.letGo()
                try await waitUntilApplied()
            }
            ground.hold()
            seconds.eachRecord += try reference(.eachRecord, from: begins)
            seconds.eachPoll += try reference(.eachPoll, from: begins)
            ground.letGo()
            done += commands.count
        }
        let refusals = try ground.count().refusals
        guard refusals == 0 else {
            throw BenchmarkError.answered(refusals, "commands were refused, so no way is whole")
        }
        return seconds.map { Double(done) / $0 }
    }

    private func reference(_ commit: ReferenceLoop.Commit, from begins: [Int64]) throws -> Double {
        let task = ReferenceLoop(
            commit: commit, servers: settings.bootstrapServers, topic: Self.topic.name, begins: begins, ends: ends,
            database: ground.folder.appending(path: "reference.sqlite").path(percentEncoded: false))
        let file = ground.folder.appending(path: "reference.json")
        try ContractCoding.encode(task).write(to: file)
        let printed = try ground.measured(["--reference-loop", file.path(percentEncoded: false)])
        guard let seconds = Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError.answered(0, printed)
        }
        return seconds
    }

    private func waitUntilApplied() async throws {
        try await ground.wait(for: "case-routing") { zip(try ground.positions(), ends).allSatisfy { $0 >= $1 } }
    }

    private func timed(_ body: () async throws -> Void) async throws -> Double {
        let begin = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - begin) / .seconds(1)
    }

    private mutating func send(_ commands: [CommandMaker.Command]) async throws {
        let headers = [
            RecordHeader(name: HeaderName.contentType, text: HeaderName.cloudEventsJSON),
            RecordHeader(name: HeaderName.source, text: "benchmark"), RecordHeader(name: HeaderName.log, text: log),
        ]
        let records = commands.map {
            OutgoingRecord(
                topic: Self.topic.name, partition: Int32($0.partition), key: Data($0.key.utf8), value: $0.value,
                headers: headers)
        }
        let reports = try await KafkaProducer.withProducer(settings) { try await $0.send(records) }
        for (command, report) in zip(commands, reports) {
            if let error = report.error { throw error }
            if let offset = report.offset { ends[command.partition] = max(ends[command.partition], offset + 1) }
        }
    }
}
