package import Contracts
package import EventProcessing
package import Foundation
import NIOPosix

/// Sends mail through one server by SMTP (RFC 5321), in plain text.
///
/// A mail server knows no repetition, so what may have arrived is not sent again. What bounces at once is `gone`; mail
/// that comes back later is not read.
package struct EmailSender: ChannelSender {
    private let server: MailServer
    private let from: MailAddress
    private let publicURL: String
    private let perMinute: Int
    private let patience: MailExchange.Patience
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - publicURL: where the portal is to be reached, without a slash at its end: links lead there.
    ///   - perMinute: how much the server takes from this process.
    ///   - timeout: how long one exchange may take.
    package init(
        server: MailServer, from: MailAddress, publicURL: String, perMinute: Int = 300,
        timeout: Duration = .seconds(60), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.server = server
        self.from = from
        self.publicURL = publicURL
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
        guard let recipient = MailAddress(address) else {
            return .gone(reason: "this is no address that mail can be written to")
        }
        let mail = text(of: message, to: recipient, id: id).bytes()
        do {
            return try await Self.threads.runIfActive { [from, server, patience] in
                MailExchange(mail: mail).run(from: from, to: recipient, by: server, patience: patience)
            }
        } catch {
            return .failed(reason: "the program is ending", canRetry: true)
        }
    }

    private func text(of message: OutsideMessage, to recipient: MailAddress, id: DeliveryID) -> MailText {
        let unsubscribe = message.unsubscribe.map { "\(publicURL)/v1/unsubscribe/\($0)" }
        var text = message.body
        if let link = message.wholeLink(publicURL) { text += "\n\n\(link)" }
        if let unsubscribe { text += "\n\n--\n退订 Unsubscribe: \(unsubscribe)" }
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
