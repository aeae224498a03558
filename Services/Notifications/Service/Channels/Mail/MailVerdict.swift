import CCurl
import EventProcessing

/// What the end of an exchange with a mail server means (RFC 5321 section 4.2.1, RFC 3463).
enum MailVerdict {
    static func result(_ code: CURLcode, dialogue: MailDialogue) -> DeliveryResult {
        if code == CURLE_OK { return .delivered }
        if let reply = dialogue.reply, reply.code >= 400 { return refusal(reply, at: dialogue.stage) }
        if dialogue.stage == .mail {
            // It was all handed over and nobody said whether it is kept: twice is worse than once.
            return .unknown(reason: "the mail server did not confirm: it may have arrived and is not sent twice")
        }
        return .failed(reason: silence(code), canRetry: true)
    }

    private static func refusal(_ reply: MailDialogue.Reply, at stage: MailDialogue.Stage) -> DeliveryResult {
        let said = reply.detail.isEmpty ? "\(reply.code)" : "\(reply.code) \(reply.detail)"
        let reason = "the mail server said \(said) to \(name(of: stage))"
        if reply.code < 500 { return .failed(reason: reason, canRetry: true) }
        return switch stage {
        // Our own settings, which somebody will mend.
        case .greeting, .login: .failed(reason: reason, canRetry: true)
        case .recipient where isNobody(reply): .gone(reason: reason)
        case .sender, .recipient, .data, .mail: .failed(reason: reason, canRetry: false)
        }
    }

    /// Whether there is no such mailbox, and not only that it is full or that we are not liked.
    private static func isNobody(_ reply: MailDialogue.Reply) -> Bool {
        reply.detail.isEmpty
            ? [550, 551, 553].contains(reply.code) : reply.detail.hasPrefix("5.1.") || reply.detail == "5.2.1"
    }

    private static func name(of stage: MailDialogue.Stage) -> String {
        switch stage {
        case .greeting: "our greeting"
        case .login: "our login"
        case .sender: "our address"
        case .recipient: "the recipient"
        case .data, .mail: "the mail"
        }
    }

    private static func silence(_ code: CURLcode) -> String {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: "the mail server was not found"
        case CURLE_COULDNT_CONNECT: "the mail server could not be reached"
        case CURLE_OPERATION_TIMEDOUT: "the mail server did not answer in time"
        case CURLE_USE_SSL_FAILED: "the mail server offers no TLS"
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            "no TLS that can be trusted with the mail server"
        case CURLE_LOGIN_DENIED: "the mail server does not know our login"
        default: "the mail server broke off (libcurl \(code.rawValue))"
        }
    }
}
