import ArgumentParser
import Contracts
import Foundation
import GRDB
import NotificationWords
import PackFolder

/// `suishoupai notifications …`: what people are told, and what became of it.
struct NotificationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "See how a pack's texts read, and what became of what was sent outside.",
        subcommands: [NotificationsPreviewCommand.self, NotificationsDeliveriesCommand.self])
}

/// `suishoupai notifications preview`.
struct NotificationsPreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show how the texts of a pack read, with made-up facts.",
        discussion: """
            Examples:
              suishoupai notifications preview --pack deploy/packs/nanchang
              suishoupai notifications preview --pack deploy/packs/nanchang --event case.closed --language en
            """)

    @Option(help: "The pack's folder.")
    var pack: String

    @Option(help: "An event type; all that the pack has a text for without.")
    var event: String?

    @Option(help: "zh or en.")
    var language = "zh"

    @Flag(help: "Print JSON.")
    var json = false

    private struct Preview: Encodable {
        let event: String
        let role: AudienceRole
        let channels: [Channel]
        let wording: Wording
    }

    func validate() throws {
        guard NotificationLanguage(rawValue: language) != nil else {
            throw ValidationError("--language must be zh or en.")
        }
        if let event, !TellableEvent.all.contains(event) {
            throw ValidationError("--event must be one of \(TellableEvent.all.joined(separator: ", ")).")
        }
    }

    func run() throws {
        guard FileManager.default.fileExists(atPath: pack) else { throw ValidationError("\(pack) is not a folder.") }
        let reading = PackFolder.read(URL(fileURLWithPath: pack, isDirectory: true))
        guard let pack = reading.pack else {
            print(problemLines(reading.problems).joined(separator: "\n"))
            throw ExitCode(1)
        }
        let language = NotificationLanguage(rawValue: language) ?? .chinese
        var previews: [Preview] = []
        for template in pack.templates where event.map({ $0 == template.event }) ?? true {
            guard let sample = try SampleEvent.of(type: template.event) else { continue }
            previews.append(
                Preview(
                    event: template.event, role: template.role, channels: template.channels ?? [],
                    wording: Wording(template, about: sample, pack: pack, language: language)))
        }
        guard !json else { return print(try ContractCoding.text(previews)) }
        guard !previews.isEmpty else { return print("The pack has no text for it: see its notifications.yaml.") }
        for preview in previews {
            let ways = preview.channels.map(\.rawValue).joined(separator: ", ")
            print("\(preview.event) → \(preview.role.rawValue)\(ways.isEmpty ? "" : "  (\(ways))")")
            print("  \(preview.wording.title)\n  \(preview.wording.body)\n  简明 \(preview.wording.short)\n")
        }
    }
}

/// `suishoupai notifications deliveries`.
struct NotificationsDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List what was sent outside or waits to be, the newest first, with the reasons of failures.",
        discussion: """
            Whom a message is for is not shown, nor where it goes. A lane is an endpoint, or a channel and its provider.

            Examples:
              suishoupai notifications deliveries --data ./data --state failed
              suishoupai notifications deliveries --data ./data --lane 'endpoint|ep-3f9a2c71' --json
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Option(help: "planned, started, delivered, failed, gone or unknown.")
    var state: String?

    @Option(help: "Those of one lane.")
    var lane: String?

    @Option(help: "How many.")
    var limit = 50

    struct Entry: Codable, Equatable {
        let deliveryId: String
        let lane: String
        let state: String
        let attempts: Int
        let plannedAt: Timestamp
        /// Of one that waits.
        let notBefore: Timestamp?
        let reason: String?
    }

    static let states = ["planned", "started", "delivered", "failed", "gone", "unknown"]

    func validate() throws {
        if let state, !Self.states.contains(state) {
            throw ValidationError("--state must be one of \(Self.states.joined(separator: ", ")).")
        }
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 10000.") }
    }

    func run() async throws {
        let entries = try Self.entries(try StoreShelf(options.desk().folder), state: state, lane: lane, limit: limit)
        guard !options.json else { return print(try ContractCoding.text(entries)) }
        guard !entries.isEmpty else { return print("There is nothing like that.") }
        for entry in entries {
            let next = entry.notBefore.map { "  not before \($0)" } ?? ""
            let reason = entry.reason.map { "  \($0)" } ?? ""
            print(
                "\(entry.plannedAt)  \(entry.deliveryId)  \(entry.lane)  \(entry.state) after \(entry.attempts)\(next)\(reason)")
        }
    }

    static func entries(_ shelf: StoreShelf, state: String?, lane: String?, limit: Int) throws -> [Entry] {
        let entries = try shelf.notifications.flatMap { store in
            try store.database.read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT id, lane, state, attempt - uncounted AS tries, plannedAt, notBefore, reason FROM delivery
                        WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR lane = ?2)
                        ORDER BY plannedAt DESC, id LIMIT ?3
                        """, arguments: [state, lane, limit]
                ).map { row in
                    Entry(
                        deliveryId: row["id"], lane: row["lane"], state: row["state"], attempts: row["tries"],
                        plannedAt: Timestamp(milliseconds: row["plannedAt"]),
                        notBefore: row["state"] == "planned" ? Timestamp(milliseconds: row["notBefore"]) : nil,
                        reason: row["reason"])
                }
            }
        }
        return Array(entries.sorted { ($1.plannedAt, $0.deliveryId) < ($0.plannedAt, $1.deliveryId) }.prefix(limit))
    }
}
