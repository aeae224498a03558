import Foundation

// DeliveryStatusNotification.Fault
//   noReport    the mail says nothing of how another was delivered
//   noStatus    it is a report without the fields that say so
//   noMail      it does not say which mail it is about

/// What a mail server says later of a mail that it took (RFC 3464, in the frame of RFC 6522).
struct DeliveryStatusNotification: Equatable {
    enum Action: String {
        case failed
        /// It is still tried.
        case delayed
        case delivered
        case relayed
        case expanded
    }

    enum Fault: Error, Equatable, CustomStringConvertible {
        case noReport
        case noStatus
        case noMail

        var description: String {
            switch self {
            case .noReport:
                "This is no delivery status notification: give a mail of the type multipart/report, with all its headers."
            case .noStatus: "The report does not say how the mail fared: it has no Action, or no Status such as 5.1.1."
            case .noMail: "The report does not say which mail it is about: it brings no Message-ID of it."
            }
        }
    }

    let action: Action
    /// RFC 3463, such as `5.1.1`.
    let status: String
    /// Of the mail that it is about, without its angle brackets.
    let messageID: String

    /// What stands before `@` in the mail's id: our deliveries give their own.
    var deliveryName: String { String(messageID.prefix { $0 != "@" }) }

    /// Reads a mail as it came, headers and all.
    ///
    /// A report may speak of several recipients; our mails have one, so the first counts.
    init(_ mail: Data) throws(Fault) {
        let whole = MailPart(lines: MailPart.lines(of: mail))
        guard let report = whole.first(where: { $0.isReport }),
            let fields = report.parts.first(where: { $0.type == "message/delivery-status" })
        else { throw .noReport }
        let recipients = fields.blocks.map { MailPart(lines: $0 + [""]) }
        let said = recipients.first { $0["action"] != nil }
        guard let said, let action = Action(rawValue: Self.word(said["action"]).lowercased()),
            let status = said["status"].map(Self.word),
            status.wholeMatch(of: /[245]\.[0-9]{1,3}\.[0-9]{1,3}/) != nil
        else { throw .noStatus }
        self.action = action
        self.status = status
        guard let id = Self.mailID(in: report) ?? Self.id(whole["in-reply-to"]) else { throw .noMail }
        messageID = id
    }

    /// Of the mail that comes back in the report, whole or its headers alone.
    private static func mailID(in report: MailPart) -> String? {
        let returned = report.parts.first { ["message/rfc822", "text/rfc822-headers"].contains($0.type) }
        return returned.flatMap { id(MailPart(lines: $0.body)["message-id"]) }
    }

    private static func id(_ text: String?) -> String? {
        text?.firstMatch(of: /<([^<>\s]+)>/).map { String($0.1) }
    }

    /// The first word of a field's value: a comment may follow.
    private static func word(_ text: String?) -> String {
        String((text ?? "").drop { $0.isWhitespace }.prefix { !$0.isWhitespace && $0 != "(" && $0 != ";" })
    }
}
