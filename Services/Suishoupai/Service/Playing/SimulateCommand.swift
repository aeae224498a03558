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

            Exit status: 0 all went as it should, 1 something failed, 2 the command was not understood.

            Examples:
              suishoupai simulate --data ./data --reports 100 --rate 10
              suishoupai simulate --data ./data --reports 50 --rate 5 --staff --seed 7
            """)

    @Option(help: "The data folder of the running deployment.")
    var data: String

    @Option(help: "How many reports.")
    var reports = 100

    @Option(help: "Reports a second.")
    var rate = 10.0

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
        guard reports > 0, rate > 0, riders > 0 else {
            throw ValidationError("--reports, --rate and --riders must be greater than nothing.")
        }
    }

    func run() async throws {
        let folder = DataFolder(data)
        let neighbourhood = try openNeighbourhood(folder)
        let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let city = CityClient(
            http: http, folder: folder,
            address: { service in try RunFile.read(folder.runFile)?.services[service]?.url },
            patience: .seconds(patience))
        let simulation = Simulation(
            city: city, neighbourhood: neighbourhood, seed: seed, riders: riders, actsAsStaff: staff)
        FileHandle.standardError.write(Data("seed \(seed)\n".utf8))
        let start = ContinuousClock.now
        let result: Simulation.Result
        do {
            result = try await simulation.run(reports: reports, rate: rate)
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
        let seconds = Double(Int((ContinuousClock.now - start) / .milliseconds(100))) / 10
        print(json ? try ContractCoding.text(result) : result.text + " in \(seconds) s")
        for failure in result.failures.prefix(10) {
            FileHandle.standardError.write(Data("Error: \(failure)\n".utf8))
        }
        guard result.failures.isEmpty else { throw ExitCode(1) }
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
