import Contracts
import Foundation
import Testing

@testable import Suishoupai

@Test func `a day has its busy hours, and the same seed the same day`() throws {
    func day(_ seed: UInt64) -> [Double] {
        var numbers = SeededNumbers(seed: seed)
        return DayShape.city.arrivals(20_000, using: &numbers)
    }
    let arrivals = day(3)

    #expect(arrivals == arrivals.sorted() && arrivals.allSatisfy { (0..<1).contains($0) })
    let hours = Dictionary(grouping: arrivals) { Int($0 * 24) }.mapValues(\.count)
    #expect(hours[12, default: 0] > 10 * hours[3, default: 0] && hours[8, default: 0] > 2 * hours[22, default: 0])
    let weights = DayShape.city.weights
    for (hour, weight) in weights.enumerated() {
        // Within five standard deviations of what its weight gives.
        let expected = 20_000 * Double(weight) / Double(weights.reduce(0, +))
        #expect(abs(Double(hours[hour, default: 0]) - expected) < 5 * expected.squareRoot(), "hour \(hour)")
    }
    #expect(day(3) == arrivals && day(4) != arrivals)
    #expect(Simulation.Pace.steady(4).times(3, seed: 1) == [.zero, .milliseconds(250), .milliseconds(500)])
    let squeezed = Simulation.Pace.day(.seconds(60)).times(500, seed: 3)
    #expect(squeezed.allSatisfy { $0 >= .zero && $0 < .seconds(60) } && squeezed == squeezed.sorted())
}

@Test func `times are told by nearest rank`() throws {
    let spread = try #require(StepTimes.Spread(.case, (1...200).map(Double.init).shuffled()))

    #expect(spread.count == 200)
    #expect([spread.p50, spread.p95, spread.p99, spread.longest] == [100, 190, 198, 200])
    #expect(StepTimes.Spread(.read, []) == nil)
    #expect(StepTimes.Spread(.read, [7.04])?.p99 == 7)
}

@Test func `a program's use is read as the kernel writes it, whatever its name is`() throws {
    let stat = "4711 (odd) name (x) S 1 4711 4711 0 -1 4194560 1 0 0 0 250 150 0 0 20 0 7 0 1 1 1 18446744073709551615"

    let program = try #require(
        MachineLook.Program(stat: stat, statm: "900 300 100 1 0 200 0\n", ticks: 100, page: 4_096))

    #expect(program == MachineLook.Program(cpuSeconds: 4, residentBytes: 300 * 4_096))
    #expect(MachineLook.Program(stat: "no such line", statm: "1 2", ticks: 100, page: 4_096) == nil)
    #expect(MachineLook.Program(stat: stat, statm: "", ticks: 100, page: 4_096) == nil)
}

@Test func `this process uses memory and time, and a folder's files take room`() throws {
    let me = RunFile.Entry(url: nil, pid: getpid())
    let gone = RunFile.Entry(url: nil, pid: 1 << 30)
    let contents = RunFile.Contents(services: ["portal": me], replicas: ["portal-2": gone])
    let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "load-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "in"), withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let before = MachineLook.take(contents, folder: folder)
    try Data(repeating: 7, count: 100_000).write(to: folder.appending(path: "in/file"))

    let look = MachineLook.take(contents, folder: folder)

    #expect(Set(look.programs.keys) == ["portal"])
    #expect(look.cpuSeconds > 0 && look.residentBytes > 1_000_000)
    #expect((100_000...200_000).contains(look.folderBytes - before.folderBytes))
}

@Test func `what a report cost is told a report`() throws {
    func look(_ cpu: Double, _ bytes: Int) -> MachineLook {
        MachineLook(
            programs: ["points": .init(cpuSeconds: cpu, residentBytes: 50 << 20)], folderBytes: bytes)
    }
    let report = LoadReport(
        seed: 7, seconds: 20, readers: 5, played: Simulation.Result(reports: 100, cases: 90, joined: 10, played: 80),
        times: [try #require(StepTimes.Spread(.report, [4, 6]))],
        seen: LoadWatch.Seen(
            first: look(1, 1 << 20), last: look(3, 11 << 20), mostResidentBytes: 60 << 20, mostLag: 12, lastLag: 0))

    #expect(report.cpuPerReport == 20)
    #expect(report.diskPerReport == Double(10 << 20) / 100)
    let lines = report.text.split(separator: "\n").map(String.init)
    #expect(lines.first?.contains("100 reports, 90 cases") == true && lines.first?.contains("18000 an hour") == true)
    #expect(lines.contains("report          2      4.0      6.0      6.0      6.0"))
    #expect(lines.last == "a report cost 20.0 ms of processor time and 102 KiB of disk")
    #expect(lines.contains("records that waited for processors: at most 12, at the end 0"))
    var unsure = report.seen
    unsure.unanswered = 3
    let text = LoadReport(
        seed: 7, seconds: 20, readers: 5, played: report.played, times: report.times, seen: unsure
    ).text
    #expect(text.contains("at the end 0 (3 times a program did not say)\n"))
}
