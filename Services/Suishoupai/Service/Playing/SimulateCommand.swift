import ArgumentParser
import AsyncHTTPClient
import Contracts
import Foundation
import ServiceKit

/// `suishoupai simulate`: random but plausible reports, and staff who work on them.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Have riders report, and staff act, as a lively neighbourhood would.",
        discussion: """
            Reports come from several riders, in the communities and categories of the pack in force; some are the \
            same thing seen twice. With --staff every case is played to its end through the portal. The same seed sends \
            the same reports, which are then the same to the system, too: choose another for new ones.

            With --day a whole day is played in so many minutes, with its busy and its quiet hours; then it is told how \
            long people waited, what waited in the logs, and what the programs on this machine used (from /proc: run it \
            where they run). Intake lets one person send only so many reports a day: take riders enough.

            Exit status: 0 all went as it should, 1 something failed, 2 the command was not understood.

            Examples:
              suishoupai simulate --data ./data --reports 100 --rate 10
              suishoupai simulate --data ./data --reports 50 --rate 5 --staff --seed 7
              suishoupai simulate --data ./data --reports 100000 --day 60 --riders 20000 --staff --staff-share 20 --readers 50
            """)

    @Option(help: "The data folder of the running deployment.")
    var data: String

    @Option(help: "How many reports.")
    var reports = 100

    @Option(help: "Reports a second.")
    var rate = 10.0

    @Option(help: ArgumentHelp("Play a whole day in so long, instead of --rate.", valueName: "minutes"))
    var day: Double?

    @Option(help: "How many people look at lists, cases and their own pages meanwhile.")
    var readers = 0

    @Option(help: "How many reports may be under way at once; a slower system slows the riders down.")
    var atOnce = 64

    @Option(help: ArgumentHelp("Of how many cases in a hundred staff take the trouble.", valueName: "percent"))
    var staffShare = 100

    @Option(help: "Repeats the reports of an earlier run (default: random, and printed).")
    var seed: UInt64?

    @Option(help: "How many riders.")
    var riders = 20

    @Option(help: "How many seconds a service may be away before that counts as a failure.")
    var patience = 60

    @Flag(help: "Also play dispatchers, workers and verifiers until the cases are closed.")
    var staff = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    func validate() throws {
        guard reports > 0, rate > 0, riders > 0, atOnce > 0, day.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--reports, --rate, --day, --riders and --at-once must be greater than nothing.")
        }
        guard readers >= 0, (0...100).contains(staffShare) else {
            throw ValidationError("--readers must be 0 or more, --staff-share from 0 to 100.")
        }
    }

    func run() async throws {
        let folder = DataFolder(data)
        let neighbourhood = try openNeighbourhood(folder)
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        // Everybody comes by a connection of their own: with the library's eight, people would wait for one another here.
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = atOnce + readers + 8
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let city = CityClient(
            http: http, folder: folder,
            address: { service in try RunFile.read(folder.runFile)?.services[service]?.url },
            patience: .seconds(patience))
        var simulation = Simulation(
            city: city, neighbourhood: neighbourhood, seed: seed, riders: riders, actsAsStaff: staff)
        simulation.mostUnderWay = atOnce
        simulation.staffShare = staffShare
        FileHandle.standardError.write(Data("seed \(seed)\n".utf8))
        let outcome: (LoadReport, isLoad: Bool)
        do {
            outcome = (try await play(simulation, in: folder), day != nil)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
        let (report, isLoad) = outcome
        if isLoad {
            print(json ? try ContractCoding.text(report) : report.text)
        } else {
            let words = report.played.text + " in \(report.seconds) s"
            print(json ? try ContractCoding.text(report.played) : words)
        }
        for failure in report.played.failures.prefix(10) {
            FileHandle.standardError.write(Data("Error: \(failure)\n".utf8))
        }
        guard report.played.failures.isEmpty else { throw ExitCode(1) }
    }

    private func play(_ simulation: Simulation, in folder: DataFolder) async throws -> LoadReport {
        let pace = day.map { Simulation.Pace.day(.seconds($0 * 60)) } ?? .steady(rate)
        let start = ContinuousClock.now
        var watch = LoadWatch(http: simulation.city.http, folder: folder)
        if day != nil {
            watch.tell = { lag in
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                let words = "\(Int(seconds)) s: \(await simulation.soFar().text); \(lag.records) records wait\n"
                FileHandle.standardError.write(Data(words.utf8))
            }
        }
        let crowd = Readers(
            city: simulation.city, neighbourhood: simulation.neighbourhood, riders: riders,
            times: simulation.city.times)
        let (played, seen) = try await watch.during { [reports, readers] in
            try await withThrowingTaskGroup(of: Simulation.Result?.self) { group in
                group.addTask {
                    try await crowd.read(readers, seed: simulation.seed)
                    return nil
                }
                group.addTask { try await simulation.run(reports: reports, pace: pace) }
                while let end = try await group.next() {
                    guard let end else { continue }
                    group.cancelAll()
                    return end
                }
                throw CancellationError()
            }
        }
        let seconds = Double(Int((ContinuousClock.now - start) / .milliseconds(100))) / 10
        return LoadReport(
            seed: simulation.seed, seconds: seconds, readers: readers, played: played,
            times: await simulation.city.times.spreads, seen: seen)
    }

    private func openNeighbourhood(_ folder: DataFolder) throws -> Neighbourhood {
        guard FileManager.default.fileExists(atPath: folder.runFile.path(percentEncoded: false)) else {
            throw ValidationError("Nothing runs on '\(data)'. Start it with 'suishoupai up --data \(data)'.")
        }
        guard let pack = try folder.keptPack() else {
            throw ValidationError("No pack is in force. Use 'suishoupai pack apply DIR --data \(data)' first.")
        }
        return try Neighbourhood(pack)
    }
}
