import ArgumentParser
import Contracts
import Foundation
import NotificationWords
import PackFolder

/// `suishoupai notifications preview`: what somebody would read.
struct NotificationsPreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Prints what a pack says of an event to a role, with made-up facts.",
        discussion: """
            Exit status: 0 when there is a text, 1 when the pack has errors or no text for it, 2 when the command was \
            not understood.

            EXAMPLES:
              suishoupai notifications preview --pack deploy/packs/nanchang --event case.closed --role reporter
              suishoupai notifications preview --pack deploy/packs/nanchang --event order.placed --role reporter \\
                --language en --short
              suishoupai notifications preview --pack deploy/packs/nanchang --event digest
            """)

    @Option(help: ArgumentHelp("The pack folder.", valueName: "dir"))
    var pack: String

    @Option(help: "The event's type, such as case.closed, or digest for the week's.")
    var event: String

    @Option(help: "reporter, handler, member, verifier, dispatcher, station or endpoint.")
    var role = AudienceRole.reporter.rawValue

    @Option(help: "zh or en.")
    var language = NotificationLanguage.chinese.rawValue

    @Flag(help: "The short form 简明.")
    var short = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        guard FileManager.default.fileExists(atPath: pack) else { throw ValidationError("\(pack) is not a folder.") }
        guard let role = AudienceRole(rawValue: role), role != .unit else {
            throw ValidationError("--role is reporter, handler, member, verifier, dispatcher, station or endpoint.")
        }
        guard let language = NotificationLanguage(rawValue: language) else {
            throw ValidationError("--language is zh or en.")
        }
        let reading = PackFolder.read(URL(fileURLWithPath: pack, isDirectory: true))
        guard let read = reading.pack else {
            print(problemLines(reading.problems).joined(separator: "\n"))
            throw ExitCode(1)
        }
        guard let preview = try preview(read, role, language) else {
            print("The pack says nothing of \(event) to a \(role.rawValue): add a text to notifications.yaml.")
            throw ExitCode(1)
        }
        print(json ? try ContractCoding.text(preview) : preview.text)
    }

    private func preview(_ pack: Pack, _ role: AudienceRole, _ language: NotificationLanguage) throws -> Preview? {
        if event == "digest" {
            return pack.notifications?.digest.map { digest in
                let counts = DigestCounts(reports: 5, closed: 3, points: 30, messages: 14)
                return Preview(
                    Wording(digest, of: counts, language: language), short, channels: digest.channels, .progress, false)
            }
        }
        guard let sample = try SampleEvent.of(type: event) else {
            throw ValidationError(
                "--event '\(event)' is none that people are told of; those are digest, "
                    + TellableEvent.all.joined(separator: ", ") + ".")
        }
        return pack.template(for: event, role: role).map { template in
            Preview(
                Wording(template, about: sample, pack: pack, language: language), short,
                channels: template.channels ?? [], template.kind ?? .progress, template.critical == true)
        }
    }

    private struct Preview: Encodable {
        let title: String
        let body: String
        let language: NotificationLanguage
        let channels: [Channel]
        let kind: NotificationKind
        let critical: Bool

        init(
            _ wording: Wording, _ short: Bool, channels: [Channel], _ kind: NotificationKind, _ critical: Bool
        ) {
            title = wording.title
            body = wording.body(in: short ? .short : .full)
            language = wording.language
            self.channels = channels
            self.kind = kind
            self.critical = critical
        }

        var text: String {
            let ways = ([.inbox] + channels).map(\.rawValue).joined(separator: ", ")
            return "\(title)\n\(body)\n\n(\(kind.rawValue)\(critical ? ", critical" : "") by \(ways))"
        }
    }
}
