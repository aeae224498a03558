package import Contracts
package import EventProcessing
package import Foundation
import NIOPosix
package import NotificationsDomain
import PersonalKeys
package import ServiceKit

/// Sends mail through one server by SMTP (RFC 5321), in plain text.
///
/// A mail server knows no repetition, so what may have arrived is not sent again. What bounces at once is `gone`; mail
/// that comes back later is told to `suishoupai notifications bounce`.
package struct EmailSender: ChannelSender {
    private let server: MailServer
    private let from: MailAddress
    private let publicURL: String
    private let key: DataFolderKey
    private let perMinute: Int
    private let patience: MailExchange.Patience
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - publicURL: where the portal is to be reached, without a slash at its end: links lead there.
    ///   - key: `DataFolderKey.Name.persons`, which makes the links that end mail.
    ///   - perMinute: how much the server takes from this process.
    ///   - timeout: how long one exchange may take.
    package init(
        server: MailServer, from: MailAddress, publicURL: String, key: DataFolderKey, perMinute: Int = 300,
        timeout: Duration = .seconds(60), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.server = server
        self.from = from
        self.publicURL = publicURL
        self.key = key
        self.perMinute = perMinute
        patience = MailExchange.Patience(whole: timeout, connecting: min(timeout, .seconds(10)))
        self.now = now
    }

    package var channel: Channel { .email }
    package var canRepeat: Bool { false }
    package var limit: SendLimit { SendLimit(.channel, .init(perMinute, per: .seconds(60))) }

    /// libcurl blocks; it gets threads of its own, for as long as the program lives.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 8)
        pool.start()
        return pool
    }()

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        guard let recipient = MailAddress(mailbox: address) else {
            return .gone(reason: "this is no address that mail can be written to")
        }
        do {
            let mail = try text(of: message, to: recipient, id: id).bytes()
            return try await Self.threads.runIfActive { [from, server, patience] in
                MailExchange(mail: mail).run(from: from, to: recipient, by: server, patience: patience)
            }
        } catch {
            return .failed(reason: "the mail could not be begun", canRetry: true)
        }
    }

    private func text(of message: OutsideMessage, to recipient: MailAddress, id: DeliveryID) throws -> MailText {
        let unsubscribe = try message.unsubscribe.map { scope in
            let token = UnsubscribeToken(personId: scope.personId, channel: scope.channel, kind: scope.kind)
            return "\(publicURL)/v1/unsubscribe/\(try token.text(by: key))"
        }
        var text = message.body
        if let link = message.wholeLink(publicURL) { text += "\n\n\(link)" }
        if let unsubscribe {
            text += "\n\n--\n\(message.language == .english ? "No more of these" : "退订"): \(unsubscribe)"
        }
        return MailText(
            from: from, to: recipient, subject: message.title, text: text, id: id,
            thread: message.caseId.map { "case-\($0)" }, unsubscribe: unsubscribe, date: now())
    }
}

extension OutsideMessage {
    /// The link as it can be followed from outside.
    func wholeLink(_ publicURL: String) -> String? {
        link.map { $0.hasPrefix("/") ? publicURL + $0 : $0 }
    }

    /// The message as one plain text, for what knows no parts.
    func plainText(_ publicURL: String) -> String {
        [title, body, wholeLink(publicURL) ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
