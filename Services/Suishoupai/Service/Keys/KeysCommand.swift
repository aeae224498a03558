import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Logging
import ServiceKit

/// `suishoupai keys …`: the keys by which rider platforms 平台 are known, and those of the data folder.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Give keys to rider platforms, change them, take them back; exchange the data folder's own.",
        discussion: """
            A platform signs its requests with Authorization: Bearer <key>. The key is printed once, when it is made; \
            what is kept, in platform-keys.json of the data folder and on reference.v1, is its hash. Running services \
            know of a change within a second; where none run, it counts from their start on.

            The data folder has keys of its own, for tokens, sessions, pick-up codes and more: 'files' lists them, 'rotate' \
            exchanges one without a gap, 'retire' ends the former one early.
            """,
        subcommands: [
            KeysCreateCommand.self, KeysListCommand.self, KeysRotateCommand.self, KeysRevokeCommand.self,
            KeysRetireCommand.self, KeysFilesCommand.self,
        ])
}

/// Which deployment's keys.
struct KeyFolderOptions: ParsableArguments {
    @Option(help: "The data folder.")
    var data: String

    @Flag(help: "Print JSON.")
    var json = false

    func desk() throws -> KeyDesk {
        let folder = try DataFolder.demand(data)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        return KeyDesk(folder: folder, logger: Logger(label: "suishoupai"))
    }
}

/// A key that was just made: the only time that it is shown.
struct NewPlatformKey: Codable, Equatable, Sendable {
    let key: String
    let keyId: String
    let platform: String
    /// Whether running services were told.
    let published: Bool

    func show(json: Bool) throws {
        guard !json else { return print(try ContractCoding.text(self)) }
        print(key)
        let when = published ? "The services know it within a second." : "It counts from the services' next start on."
        let note = "Key \(keyId) of \(platform), shown this once. \(when)\n"
        FileHandle.standardError.write(Data(note.utf8))
    }
}

/// `suishoupai keys create`.
struct KeysCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key for a platform and print it, once.",
        discussion: """
            Examples:
              suishoupai keys create --data ./data --platform meituan
              KEY=$(suishoupai keys create --data ./data --platform meituan --per-minute 600 --json | jq -r .key)
            """)

    @OptionGroup var options: KeyFolderOptions

    @Option(help: "The platform's id, as it stands in its reports: 1 to 128 visible ASCII characters.")
    var platform: String

    @Option(
        help: ArgumentHelp("Reports that it may send in a minute, over all its keys; no limit without.", valueName: "n")
    )
    var perMinute: Int?

    func validate() throws {
        guard (1...128).contains(platform.utf8.count), platform.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValidationError("--platform must be 1 to 128 visible ASCII characters.")
        }
        if let perMinute, !(1...1_000_000).contains(perMinute) {
            throw ValidationError("--per-minute must be a whole number from 1 to 1000000.")
        }
    }

    func run() async throws {
        let made = try await options.desk().create(for: PersonID(platform), perMinute: perMinute, at: .now)
        try made.show(json: options.json)
    }
}

/// `suishoupai keys list`.
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all keys by name, good and taken back; never their text.")

    @OptionGroup var options: KeyFolderOptions

    func run() async throws {
        let entries = try await options.desk().book().entries
        guard !options.json else { return print(try ContractCoding.text(entries)) }
        guard !entries.isEmpty else {
            return print("There are no keys yet: make one with 'suishoupai keys create'.")
        }
        for entry in entries {
            let state = entry.revokedFrom.map { $0 <= .now ? "revoked \($0)" : "good until \($0)" } ?? "good"
            let limit = entry.perMinute.map { "\($0) a minute" } ?? "no limit"
            print("\(entry.keyId)  \(entry.platform)  \(limit)  given \(entry.grantedAt)  \(state)")
        }
    }
}

/// `suishoupai keys revoke`.
struct KeysRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a key back: from now on nobody is known by it.")

    @OptionGroup var options: KeyFolderOptions

    @Argument(help: "The key's name.")
    var keyId: String

    func run() async throws {
        let isPublished = try await options.desk().revoke(keyId, at: .now)
        guard !options.json else {
            return print(try ContractCoding.text(["keyId": keyId, "published": "\(isPublished)"]))
        }
        print(
            isPublished
                ? "✓ \(keyId) is revoked; the services know it within a second"
                : "✓ \(keyId) is revoked; it counts from the services' next start on")
    }
}
