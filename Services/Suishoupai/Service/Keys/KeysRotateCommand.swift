import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import ServiceKit

/// `suishoupai keys rotate`.
struct KeysRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a key in place of another, which stays good for a while so that nothing is refused meanwhile.",
        discussion: """
            KEY is a platform's, such as k-3f9a2c71, or one of the data folder's: \(rotatable). The new one of these signs \
            at once, or after --lead-minutes; what the former ones signed is believed until the grace is over or \
            'suishoupai keys retire' ends it. Programs on the folder know it with their next request, none is restarted. \
            Hosts with a copy of the file believe the new key once they have it: give a lead, and bring it to them in that \
            time. A file that was seen by others is exchanged with --grace-hours 0.

            The other keys of the folder cannot be exchanged; asked for, it says why and what to do.

            Exit status: 0 when the key was made, 2 when it cannot be.

            Examples:
              suishoupai keys rotate k-3f9a2c71 --data ./data --grace-hours 48
              suishoupai keys rotate sessions --data ./data
              suishoupai keys rotate pick-up --data ./data --lead-minutes 1440
            """)

    static let rotatable = DataFolderKey.Name.allCases.filter {
        if case .overlapping = $0.rotation { true } else { false }
    }.map(\.word).sorted().joined(separator: ", ")

    @OptionGroup var options: KeyFolderOptions

    @Argument(help: "The name of the key to replace.")
    var key: String

    @Option(
        help: """
            For how many hours the old key stays good (default: 24; pick-up 720, forwarding 1, exports 0).
            """)
    var graceHours: Int?

    @Option(
        help: ArgumentHelp(
            "For how many minutes the old key of a data folder goes on signing, while the new one is believed already.",
            valueName: "n"))
    var leadMinutes: Int?

    func validate() throws {
        if let graceHours, !(0...8_760).contains(graceHours) {
            throw ValidationError("--grace-hours must be a whole number from 0 to 8760.")
        }
        if let leadMinutes, !(0...43_200).contains(leadMinutes) {
            throw ValidationError("--lead-minutes must be a whole number from 0 to 43200.")
        }
    }

    func run() async throws {
        guard let name = DataFolderKey.Name(word: key) else { return try await rotatePlatformKey() }
        let desk = FolderKeyDesk(folder: try DataFolder.demand(options.data))
        let state = try desk.rotate(name, leadMinutes: leadMinutes ?? 0, graceHours: graceHours, at: .now)
        guard !options.json else { return print(try ContractCoding.text(state)) }
        print("✓ \(name.word): \(state.text)")
        if let afterwards = name.afterwards { print("  \(afterwards)") }
    }

    private func rotatePlatformKey() async throws {
        guard leadMinutes == nil else {
            throw ValidationError(
                "--lead-minutes is for keys of the data folder; '\(key)' is none of \(Self.rotatable).")
        }
        let made = try await options.desk().rotate(key, graceHours: graceHours ?? 24, at: .now)
        try made.show(json: options.json)
    }
}

/// `suishoupai keys retire`.
struct KeysRetireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Believe former keys of the data folder no longer: a rotation's second step, where it ends early.",
        discussion: """
            Without it they go by themselves when their grace is over. Programs on the folder know it with their next \
            request. Where there is no former key nothing is changed.

            Exit status: 0 when the newest key alone is believed, 2 when it does not sign yet or cannot be exchanged.

            Example:
              suishoupai keys retire sessions --data ./data
            """)

    @OptionGroup var options: KeyFolderOptions

    @Argument(help: "Which key: one of those that 'suishoupai keys rotate --help' names.")
    var key: String

    func run() throws {
        let desk = FolderKeyDesk(folder: try DataFolder.demand(options.data))
        guard let name = DataFolderKey.Name(word: key) else {
            throw ValidationError(
                "'\(key)' is no key of the data folder: \(KeysRotateCommand.rotatable). A platform's is taken back with "
                    + "'suishoupai keys revoke'.")
        }
        let state = try desk.retire(name, at: .now)
        print(options.json ? try ContractCoding.text(state) : "✓ \(name.word): \(state.text)")
    }
}

/// `suishoupai keys files`.
struct KeysFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "List the keys that the data folder has: which signs, which are still believed, and until when.",
        discussion: """
            Keys are named by eight digits of a hash of theirs, so that hosts can be compared; the keys are not shown.

            Example:
              suishoupai keys files --data ./data
            """)

    @OptionGroup var options: KeyFolderOptions

    func run() throws {
        let states = try FolderKeyDesk(folder: try DataFolder.demand(options.data)).states(at: .now)
        guard !options.json else { return print(try ContractCoding.text(states)) }
        for state in states {
            print("\(state.name)  \(state.text)\(state.canRotate ? "" : "  (cannot be exchanged)")")
        }
    }
}
