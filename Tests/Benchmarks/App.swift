import ArgumentParser
import Foundation

/// Figures, each beside a ceiling measured in the same run: `swift run -c release Benchmarks`.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Measures intake, routing and the way from a report to its points, against in-process ceilings.",
        discussion: "Needs the release build of all programs beside it and a quiet machine. Nothing here is a test.")

    @Option(help: "Reports for the throughput of intake.")
    var reports = 20_000

    @Option(help: "Records for the throughput of the broker alone and of routing.")
    var records = 10_000

    @Option(help: "Reports for the latencies.")
    var samples = 200

    @Option(help: "Nothing but intake's memory, while so many minutes of reports come in one stream.")
    var streamMinutes: Int?

    @Option(help: "Lines a second of that stream.")
    var rate = 100

    @Flag(
        help: "Nothing but routing: one core of it, beside a loop that decides nothing, with stores of several sizes.")
    var routing = false

    @Flag(help: "Nothing but the ledger: postings beside bare inserts of the same rows, and looking up a balance.")
    var points = false

    @Option(
        help:
            "With --points: how many commands are one transaction, split by commas: a quiet hour, a busy one, catching up."
    )
    var transactions = "1,16,128"

    @Option(help: "With --routing: how many cases stand in the stores, split by commas.")
    var cases = "10000,1000000"

    @Option(help: "With --routing and --points: rounds of a measure; the middle one counts.")
    var rounds = 3

    @Option(help: "Nothing but sendings to the outside: so many messages, due at once.")
    var deliveries: Int?

    @Option(help: "With --deliveries: among so many endpoints, of which one in a hundred takes ten seconds to answer.")
    var endpoints = 1_000

    @Option(help: "Nothing but portal's lists: every filter of the console over so many cases.")
    var lists: Int?

    @Option(help: "Nothing but portal's live feed: so many who follow it, and how big the first views are.")
    var listeners: Int?

    @Option(help: .hidden)
    var referenceLoop: String?

    @Flag(help: .hidden)
    var bare = false

    func validate() throws {
        guard !storedCases.isEmpty, !sizes.isEmpty, rounds > 0, records > 0 else {
            throw ValidationError(
                "--cases and --transactions are lists of whole numbers such as 10000,1000000; --rounds is 1 or more.")
        }
        guard lists ?? 1 >= 1, listeners ?? 1 >= 1 else {
            throw ValidationError("--lists and --listeners are 1 or more.")
        }
        guard endpoints >= 100, deliveries ?? 1 >= 1 else {
            throw ValidationError(
                "--deliveries is 1 or more; --endpoints is 100 or more, since one in a hundred is slow.")
        }
    }

    private var storedCases: [Int] { Self.numbers(cases) }
    private var sizes: [Int] { Self.numbers(transactions) }

    /// The whole numbers of a list; none where anything else stands in it.
    private static func numbers(_ list: String) -> [Int] {
        let numbers = list.split(separator: ",").map { Int($0) }
        return numbers.contains { ($0 ?? 0) < 1 } ? [] : numbers.compactMap { $0 }
    }

    func run() async throws {
        if bare { return try await BareServer.serve() }
        if let referenceLoop { return try await ReferenceLoop.run(referenceLoop) }
        if points { return try await PointsBenchmark(commands: records, rounds: rounds, sizes: sizes).measure() }
        if routing {
            return try await RoutingBenchmark(stored: storedCases, commands: records, rounds: rounds).measure()
        }
        if let lists { return try await ListsBenchmark(cases: lists, rounds: max(rounds, 20)).measure() }
        if let deliveries {
            return try await DeliveriesBenchmark(messages: deliveries, endpoints: endpoints).measure()
        }
        let system = try SystemUnderMeasure()
        if let listeners {
            try await system.running {
                try await ListenersBenchmark(listeners: listeners, steps: 20).measure(system.doors())
            }
            return
        }
        if let streamMinutes {
            try await system.running {
                try await LongStream(minutes: streamMinutes, rate: rate).measure(system.intake())
            }
            return
        }
        print("| what | figure |\n|---|---|")
        try await system.running {
            func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
            // First, while nothing else is on its way: what comes later leaves all services work for minutes.
            for (name, values) in try await system.measureLatencies(samples: samples) {
                print("| \(name), p50 / p99 | \(values.quantile(0.5)) ms / \(values.quantile(0.99)) ms |")
            }
            let alone = try await system.measureIntakeAlone(reports: reports)
            print("| bare Hummingbird JSON POST | \(Int(alone.ceiling)) requests/s |")
            print("| report-intake and the broker alone, POST /v1/reports | \(Int(alone.posts)) reports/s |")
            print("| intake ÷ ceiling | \(percent(alone.share)) |")
            let (half, last) = (alone.latencies.quantile(0.5), alone.latencies.quantile(0.99))
            print("| the same at half that load, p50 / p99 | \(half) ms / \(last) ms |")
            print("| the same, POST /v1/reports/stream | \(Int(alone.lines)) reports/s |")
            print("| stream ÷ POST | \(percent(alone.lines / alone.posts)) |")
            try await system.waitUntilQuiet()
            let intake = try await system.measureIntake(posts: reports)
            print("| report-intake, while all services work on it | \(Int(intake)) reports/s |")
            try await system.waitUntilQuiet()
            let raw = try await RawBroker.measure(records: records, servers: system.bootstrapServers())
            let routed = try await system.measureRouting(reports: records)
            print("| raw librdkafka, consume and produce | \(Int(raw)) records/s |")
            print("| case-routing, events routed | \(Int(routed)) events/s |")
            print("| routed ÷ raw | \((routed / raw * 1_000).rounded() / 10) % |")
        }
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}

extension [Double] {
    var middle: Double { isEmpty ? 0 : sorted()[count / 2] }

    /// The value below which a share of all lies, in whole units.
    func quantile(_ share: Double) -> Int {
        guard !isEmpty else { return 0 }
        let ordered = sorted()
        return Int(ordered[Swift.min(ordered.count - 1, Int(Double(ordered.count) * share))].rounded())
    }
}
