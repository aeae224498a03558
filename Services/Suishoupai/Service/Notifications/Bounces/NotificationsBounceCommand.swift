import ArgumentParser
import Contracts
import Foundation

/// `suishoupai notifications bounce`: mail that came back after the mail server had taken it.
struct NotificationsBounceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bounce",
        abstract: "Take note of mail that came back 退信: of an address that is gone, no more mail goes there.",
        discussion: """
            Reads one delivery status notification (RFC 3464), as it came to the mailbox that mail is sent from. With the \
            status 5.x.x the contact is taken off, and its person reads why in the settings; with 4.x.x it is noted only.

            Exit status: 0 when it is noted or says of no failure, 1 when it is no such notification or about no mail of \
            this deployment, 2 when the command was not understood.

            Examples:
              suishoupai notifications bounce bounce.eml --data ./data
              suishoupai notifications bounce - --data ./data --json < bounce.eml
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Argument(help: "The mail as it came, or - for the standard input.")
    var file: String

    private struct Noted: Encodable {
        let deliveryId: DeliveryID
        let status: String
        /// `permanent` or `for-now`; absent where nothing failed.
        let bounce: String?
    }

    /// Reports that bring a whole mail back with them are no longer.
    private static let longest = 16 << 20

    func run() async throws {
        try await NotificationDesk.Fault.reporting {
            let desk = try options.desk()
            let report: DeliveryStatusNotification
            do {
                report = try DeliveryStatusNotification(try mail())
            } catch let fault as DeliveryStatusNotification.Fault {
                throw NotificationDesk.Fault.refused(fault.description)
            }
            let id = DeliveryID(report.deliveryName)
            guard let person = try desk.recipient(ofMail: id) else {
                throw NotificationDesk.Fault.refused(
                    "No mail of this deployment has the id \(report.messageID): it was not sent from here, or its person "
                        + "was forgotten.")
            }
            guard report.action == .failed, ReportBounce.isStatus(report.status) else {
                return try say(
                    Noted(deliveryId: id, status: report.status, bounce: nil),
                    "✓ there is nothing to note: \(id) is \(report.action.rawValue)")
            }
            let bounce = ReportBounce(
                deliveryId: id, personId: person, status: report.status, actor: NotificationDesk.actor)
            try await desk.give(bounce, key: person.rawValue)
            try say(
                Noted(deliveryId: id, status: report.status, bounce: bounce.isPermanent ? "permanent" : "for-now"),
                bounce.isPermanent
                    ? "✓ \(id) came back (\(report.status)): no more mail goes to that address"
                    : "✓ \(id) came back for now (\(report.status)): the address stays")
        }
    }

    private func say(_ noted: Noted, _ words: String) throws {
        print(options.json ? try ContractCoding.text(noted) : words)
    }

    private func mail() throws -> Data {
        let handle: FileHandle
        if file == "-" {
            handle = .standardInput
        } else {
            guard let opened = FileHandle(forReadingAtPath: file) else {
                throw ValidationError("There is no file '\(file)' that can be read.")
            }
            handle = opened
        }
        var mail = Data()
        while mail.count < Self.longest, let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            mail += piece
        }
        return mail
    }
}
