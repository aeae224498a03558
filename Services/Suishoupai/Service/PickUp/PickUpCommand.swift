import ArgumentParser
import Contracts
import Foundation
import ServiceKit

/// `suishoupai pick-up`: what a station does with the passes that people show.
struct PickUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pick-up", abstract: "Check passes for ordered prizes, without a net.",
        subcommands: [PickUpCheckCommand.self])
}

/// `suishoupai pick-up check`.
struct PickUpCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a pass is good, and what to hand over for it.",
        discussion: """
            Needs no net: the public key is fetched once from portal and kept. What was handed over without a net is told \
            later, with the time: POST /v1/stations/ID/hand-overs {"pass": …, "doneAt": …}. With --seen the orders that \
            were handed over here are remembered, so that no pass is good twice; other stations do not know of it, but a \
            pass is good at one station only. Exit status: 0 good, 1 not good (why is said), 2 misuse.

            EXAMPLES:
              curl -s http://localhost:8080/v1/stations/pick-up-key > key.json
              suishoupai pick-up check eyJhbGciOi… --key key.json --station mingdu-station --seen given.txt
            """)

    @Argument(help: "The pass, as scanned.")
    var token: String

    @Option(help: ArgumentHelp("What GET /v1/stations/pick-up-key of portal said.", valueName: "file"))
    var key: String

    @Option(help: "The station that it is shown at (default: any).")
    var station: String?

    @Option(help: ArgumentHelp("Refuse orders that stand in this file, and add this one.", valueName: "file"))
    var seen: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        guard let keys = FileManager.default.contents(atPath: key) else {
            throw ValidationError("'\(key)' cannot be read. Fetch it from portal: GET /v1/stations/pick-up-key.")
        }
        do {
            let pass = try await PickUpPass.read(token, keys: Array(keys), at: station, now: Date())
            try remember(pass.order)
            print(json ? try ContractCoding.text(Report(pass)) : Self.text(pass))
        } catch let fault as PickUpPassFault {
            print(json ? try ContractCoding.text(["fault": fault.description]) : "✗ \(fault)")
            throw ExitCode(1)
        } catch let fault as SeenBefore {
            print(json ? try ContractCoding.text(["fault": fault.description]) : "✗ \(fault)")
            throw ExitCode(1)
        }
    }

    private struct SeenBefore: Error, CustomStringConvertible {
        let order: String
        var description: String { "已领取过 / the order \(order) was handed over here before" }
    }

    private func remember(_ order: String) throws {
        guard let seen else { return }
        let file = URL(filePath: seen)
        let known = FileManager.default.contents(atPath: seen).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard !known.split(whereSeparator: \.isNewline).contains(Substring(order)) else {
            throw SeenBefore(order: order)
        }
        try Data((known + order + "\n").utf8).write(to: file, options: .atomic)
    }

    private struct Report: Encodable {
        let order: String
        let station: String
        let lines: [PickUpPass.Line]
        let expiresAt: String

        init(_ pass: PickUpPass) {
            order = pass.order
            station = pass.station
            lines = pass.lines
            expiresAt = RFC3339.text(pass.expiresAt)
        }
    }

    private static func text(_ pass: PickUpPass) -> String {
        let lines = pass.lines.map { "  \($0.count) × \($0.prize)" }
        return (["✓ 可领取 / good at \(pass.station) until \(RFC3339.text(pass.expiresAt)): order \(pass.order)"] + lines)
            .joined(separator: "\n")
    }
}
