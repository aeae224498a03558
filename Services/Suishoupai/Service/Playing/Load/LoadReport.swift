import Contracts

/// What a simulated day cost, for people and as JSON.
struct LoadReport: Codable, Sendable {
    let seed: UInt64
    /// How long the day was, in seconds of the wall clock.
    let seconds: Double
    let readers: Int
    let played: Simulation.Result
    let times: [StepTimes.Spread]
    let seen: LoadWatch.Seen

    private var reports: Double { Double(max(1, played.reports)) }
    /// Processor time of all programs, in milliseconds a report.
    var cpuPerReport: Double { (seen.last.cpuSeconds - seen.first.cpuSeconds) * 1_000 / reports }
    /// Of the data folder, stores and snapshots and all, in bytes a report.
    var diskPerReport: Double { Double(seen.last.folderBytes - seen.first.folderBytes) / reports }

    var text: String {
        let speed = Int(reports / max(seconds, 0.001) * 3_600)
        var lines = [
            "\(played.text) in \(Self.rounded(seconds)) s: \(speed) an hour, \(readers) people reading",
            "step        count      p50      p95      p99      most, milliseconds",
        ]
        lines += times.map { spread in
            let numbers = [spread.p50, spread.p95, spread.p99, spread.longest].map { Self.rounded($0).leading(9) }
            return spread.step.rawValue.trailing(8) + String(spread.count).leading(9) + numbers.joined()
        }
        lines.append(
            "records that waited for processors: at most \(seen.mostLag), at the end \(seen.lastLag)"
                + (seen.unanswered > 0 ? " (\(seen.unanswered) times a program did not say)" : ""))
        lines.append(
            "memory: at most \(Self.mebibytes(seen.mostResidentBytes)); disk: \(Self.mebibytes(seen.last.folderBytes))")
        lines.append("program            CPU s   memory")
        for (name, last) in seen.last.programs.sorted(by: { $0.key < $1.key }) {
            let cpu = last.cpuSeconds - (seen.first.programs[name]?.cpuSeconds ?? 0)
            lines.append(
                name.trailing(16) + Self.rounded(cpu).leading(8) + "   " + Self.mebibytes(last.residentBytes))
        }
        lines.append(
            "a report cost \(Self.rounded(cpuPerReport)) ms of processor time and \(Int(diskPerReport / 1_024)) KiB of disk"
        )
        return lines.joined(separator: "\n")
    }

    private static func rounded(_ number: Double) -> String { String((number * 10).rounded() / 10) }
    private static func mebibytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }
}

extension String {
    /// With blanks before it.
    fileprivate func leading(_ width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
    /// With blanks behind it.
    fileprivate func trailing(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
