import Contracts
import Foundation

/// How fast case-routing is on one core, beside a loop that only reads, keeps and writes the same records, and how much of
/// that is left when its stores are full.
///
/// The speeds of both are records of the command topic in a second. Routing says two records for each of them, the
/// loop one.
struct RoutingBenchmark {
    /// How many cases stand in the stores at each measure.
    let stored: [Int]
    /// Commands in each round of a measure.
    let commands: Int
    let rounds: Int

    private struct Figure {
        let stored: Int
        let routing: Double
        let reference: Double
    }

    func measure() async throws {
        let pinning = Pinning()
        if !pinning.isPossible { write("Nothing is bound to a core here: taskset or a second core is missing.") }
        write("| stored cases | case-routing | the loop alone | routing ÷ loop | ÷ with the fewest stored |")
        write("|---|---|---|---|---|")
        var figures: [Figure] = []
        for count in stored.sorted() {
            let figure = try await measure(stored: count, pinning)
            figures.append(figure)
            write(line(figure, beside: figures[0]))
        }
        if let first = figures.first, let last = figures.last {
            write(verdict("routing ÷ loop", first.routing / first.reference, atLeast: 0.6))
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
            var routing: [Double] = []
            var reference: [Double] = []
            for _ in 0..<rounds {
                let round = try await feed.round(of: commands)
                routing.append(round.routing)
                reference.append(round.reference)
            }
            try ground.stop()
            return Figure(stored: count, routing: routing.middle, reference: reference.middle)
        } catch {
            try ground.stop()
            throw error
        }
    }

    private func line(_ figure: Figure, beside first: Figure) -> String {
        "| \(figure.stored) | \(Int(figure.routing)) records/s | \(Int(figure.reference)) records/s | "
            + "\(percent(figure.routing / figure.reference)) | \(percent(figure.routing / first.routing)) |"
    }

    private func verdict(_ what: String, _ share: Double, atLeast floor: Double) -> String {
        "\(what): \(percent(share)), wanted at least \(percent(floor)): \(share >= floor ? "yes" : "NO")"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}

extension [Double] {
    fileprivate var middle: Double { isEmpty ? 0 : sorted()[count / 2] }
}
