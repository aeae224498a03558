import Contracts
import Foundation

/// How fast case-routing is on one core, beside a loop that only reads, keeps and writes the same records, and how much of
/// that is left when its stores are full.
///
/// The speeds of all are records of the command topic in a second. Routing says two records for each of them, the
/// loop one.
struct RoutingBenchmark {
    /// How many cases stand in the stores at each measure.
    let stored: [Int]
    /// Commands in each round of a measure.
    let commands: Int
    let rounds: Int

    /// Commands in a second, by who goes through them.
    struct Speeds {
        var routing = 0.0
        /// The loop that makes each record durable by itself, as the measure asks for.
        var eachRecord = 0.0
        /// The loop that makes all of a poll durable at once, as routing does: what this machine could at most.
        var eachPoll = 0.0

        func map(_ change: (Double) -> Double) -> Self {
            Self(routing: change(routing), eachRecord: change(eachRecord), eachPoll: change(eachPoll))
        }
    }

    private struct Figure {
        let stored: Int
        let speeds: Speeds
    }

    func measure() async throws {
        let pinning = Pinning()
        if !pinning.isPossible { write("Nothing is bound to a core here: taskset or a second core is missing.") }
        write(
            "| stored cases | case-routing | loop, a durable write each | routing ÷ it | loop, a durable write a poll "
                + "| routing ÷ it | ÷ with the fewest stored |")
        write("|---|---|---|---|---|---|---|")
        var figures: [Figure] = []
        for count in stored.sorted() {
            let figure = try await measure(stored: count, pinning)
            figures.append(figure)
            write(line(figure, beside: figures[0]))
        }
        if let first = figures.first?.speeds, let last = figures.last?.speeds {
            write(verdict("routing ÷ loop", first.routing / first.eachRecord, atLeast: 0.6))
            write(verdict("most ÷ fewest stored cases", last.routing / first.routing, atLeast: 0.8))
        }
    }

    private func measure(stored count: Int, _ pinning: Pinning) async throws -> Figure {
        let ground = try RoutingGround(pinning)
        do {
            try await ground.start()
            var feed = try CommandFeed(ground)
            try await feed.putPackInForce()
            try await feed.store(cases: count)
            var speeds: [Speeds] = []
            for _ in 0..<rounds { speeds.append(try await feed.round(of: commands)) }
            try ground.stop()
            return Figure(
                stored: count,
                speeds: Speeds(
                    routing: speeds.map(\.routing).middle, eachRecord: speeds.map(\.eachRecord).middle,
                    eachPoll: speeds.map(\.eachPoll).middle))
        } catch {
            try ground.stop()
            throw error
        }
    }

    private func line(_ figure: Figure, beside first: Figure) -> String {
        let speeds = figure.speeds
        let cells =
            ["\(figure.stored)", "\(Int(speeds.routing)) records/s"]
            + [speeds.eachRecord, speeds.eachPoll].flatMap {
                ["\(Int($0)) records/s", percent(speeds.routing / $0)]
            } + [percent(speeds.routing / first.speeds.routing)]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private func verdict(_ what: String, _ share: Double, atLeast floor: Double) -> String {
        "\(what): \(percent(share)), wanted at least \(percent(floor)): \(share >= floor ? "yes" : "NO")"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
