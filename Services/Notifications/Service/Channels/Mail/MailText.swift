import Contracts
import Foundation

/// A mail as it goes over the wire: headers in ASCII, a text in UTF-8 (RFC 5322, RFC 2045, RFC 2047).
struct MailText {
    let from: MailAddress
    let to: MailAddress
    let subject: String
    let text: String
    /// The delivery: the same at every repetition, so that a mailbox that looks for it shows one mail.
    let id: DeliveryID
    /// What the mail is about: mails of one case stand together.
    let thread: String?
    /// Where one request ends such mail (RFC 8058).
    let unsubscribe: String?
    let date: Date

    func bytes() -> [UInt8] {
        var lines = [
            "Date: \(Self.stamp(date))",
            "From: \(Self.mailbox(from))",
            "To: <\(to.mailbox)>",
            "Subject: \(Self.words(subject, after: "Subject: "))",
            "Message-ID: <\(Self.word(id.rawValue))@\(from.domain)>",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            // No holiday note need answer it (RFC 3834).
            "Auto-Submitted: auto-generated",
        ]
        if let thread { lines.append("References: <\(Self.word(thread))@\(from.domain)>") }
        if let unsubscribe {
            lines.append("List-Unsubscribe: <\(unsubscribe)>")
            lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
        }
        let body = Data(text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8)
            .base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n").utf8)
    }

    private static func mailbox(_ address: MailAddress) -> String {
        address.name.isEmpty ? address.mailbox : "\(words(address.name, after: "From: ")) <\(address.mailbox)>"
    }

    /// Words of any language as encoded words, none longer than 75 characters, broken over lines of 76 characters between them.
    ///
    /// Always encoded: nothing that somebody typed is ever read as a header.
    private static func words(_ text: String, after name: String) -> String {
        var pieces: [[UInt8]] = [[]]
        for character in text {
            let bytes = Array(String(character.isNewline ? " " : character).utf8)
            // A line has at most 76 characters, the frame of a word 12, and three bytes take four.
            let most = (64 - (pieces.count == 1 ? name.utf8.count : 1)) / 4 * 3
            if let last = pieces.last, !last.isEmpty, last.count + bytes.count > most { pieces.append([]) }
            pieces[pieces.count - 1] += bytes
        }
        return pieces.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// Ids are letters, digits and dashes; whatever else one had may not stand there.
    private static func word(_ id: String) -> String {
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isPlain && (1...128).contains(id.utf8.count) ? id : ContentHash.sha256(Data(id.utf8))
    }

    /// `Thu, 26 Nov 2026 08:15:00 +0000` (RFC 5322, section 3.3).
    private static func stamp(_ date: Date) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                    \(second: .twoDigits) +0000
                    """,
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    }
}
