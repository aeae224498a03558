import CCurl
import EventProcessing
import Foundation

/// One mail to one recipient, over one connection of libcurl's.
///
/// It blocks: run it on a thread that may be blocked.
/// libcurl says little of what went wrong; what both sides said is listened to instead, and kept only as codes.
final class MailExchange {
    /// How long the whole exchange may take, and how long the connecting of it.
    struct Patience: Sendable {
        var whole = Duration.seconds(60)
        var connecting = Duration.seconds(10)
    }

    private let mail: [UInt8]
    private var sent = 0
    private(set) var dialogue = MailDialogue()

    init(mail: [UInt8]) {
        self.mail = mail
    }

    /// Sends the mail.
    func run(
        from sender: MailAddress, to recipient: MailAddress, by server: MailServer, patience: Patience
    ) -> DeliveryResult {
        guard Self.isReady, let curl = curl_easy_init() else {
            return .failed(reason: "libcurl does not start", canRetry: true)
        }
        defer { curl_easy_cleanup(curl) }
        let recipients = curl_slist_append(nil, "<\(recipient.mailbox)>")
        defer { curl_slist_free_all(recipients) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let settings =
            [
                ccurl_set_text(curl, CURLOPT_URL, server.url + String(sender.domain)),
                ccurl_set_text(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
                // Settings of the environment that belong to web traffic do not lead mail elsewhere.
                ccurl_set_text(curl, CURLOPT_PROXY, ""),
                ccurl_set_text(curl, CURLOPT_MAIL_FROM, "<\(sender.mailbox)>"),
                ccurl_set_list(curl, CURLOPT_MAIL_RCPT, recipients),
                ccurl_set_number(curl, CURLOPT_UPLOAD, 1),
                ccurl_set_number(curl, CURLOPT_INFILESIZE, mail.count),
                ccurl_set_number(curl, CURLOPT_NOSIGNAL, 1),
                ccurl_set_number(curl, CURLOPT_TIMEOUT_MS, Self.milliseconds(patience.whole)),
                // Else it would wait two minutes for the answer to its last word.
                ccurl_set_number(
                    curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, Self.milliseconds(patience.whole) / 1_000)),
                ccurl_set_number(curl, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(patience.connecting)),
                ccurl_set_reader(curl, readMail, context),
                ccurl_set_listener(curl, listen, context),
            ] + Self.security(of: server, curl)
        guard settings.allSatisfy({ $0 == CURLE_OK }), recipients != nil else {
            return .failed(reason: "this libcurl lacks what mail needs", canRetry: true)
        }
        let code = curl_easy_perform(curl)
        return MailVerdict.result(code, dialogue: dialogue)
    }

    private static func security(of server: MailServer, _ curl: UnsafeMutableRawPointer) -> [CURLcode] {
        var codes: [CURLcode] = []
        if server.security != .none {
            codes.append(ccurl_set_number(curl, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)))
        }
        if let login = server.login {
            codes.append(ccurl_set_text(curl, CURLOPT_USERNAME, login.user))
            codes.append(ccurl_set_text(curl, CURLOPT_PASSWORD, login.password))
        }
        if let authorities = server.authorities {
            codes.append(ccurl_set_text(curl, CURLOPT_CAINFO, authorities))
        }
        return codes
    }

    /// Once for the whole program, before anything else of libcurl's.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }

    fileprivate func next(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = mail[sent..<min(sent + buffer.count, mail.count)]
        buffer.copyBytes(from: piece)
        sent += piece.count
        return piece.count
    }

    fileprivate func heard(_ type: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        switch type {
        case CURLINFO_HEADER_OUT: dialogue.weSaid(String(decoding: bytes, as: UTF8.self))
        case CURLINFO_HEADER_IN: dialogue.serverSaid(String(decoding: bytes, as: UTF8.self))
        case CURLINFO_DATA_OUT: dialogue.mailGoesOver()
        default: return
        }
    }
}

/// Hands libcurl the next piece of the mail.
private func readMail(
    buffer: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let context else { return 0 }
    let exchange = Unmanaged<MailExchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.next(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}

/// Takes down what both sides say.
private func listen(
    curl: UnsafeMutableRawPointer?, type: curl_infotype, bytes: UnsafeMutablePointer<CChar>?, count: Int,
    context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let bytes, let context else { return 0 }
    let exchange = Unmanaged<MailExchange>.fromOpaque(context).takeUnretainedValue()
    exchange.heard(type, UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}
