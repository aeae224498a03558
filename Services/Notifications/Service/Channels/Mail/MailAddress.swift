/// An address that mail can be written to, and the name that stands before it.
package struct MailAddress: Sendable, Equatable {
    package let name: String
    package let mailbox: String

    /// An address alone; nil for what is none.
    package init?(mailbox: String) {
        guard Self.isMailbox(mailbox[...]) else { return nil }
        name = ""
        self.mailbox = mailbox
    }

    /// Reads `someone@example.org` or `名 <someone@example.org>`; nil for what is neither.
    package init?(_ text: String) {
        let text = text.trimmed
        let mailbox: Substring
        if text.hasSuffix(">"), let opening = text.lastIndex(of: "<") {
            mailbox = text[text.index(after: opening)...].dropLast()
            let name = String(text[..<opening]).trimmed
            self.name = name.hasPrefix("\"") && name.hasSuffix("\"") ? String(name.dropFirst().dropLast()) : name
        } else {
            mailbox = text[...]
            name = ""
        }
        guard Self.isMailbox(mailbox) else { return nil }
        self.mailbox = String(mailbox)
    }

    var domain: Substring { mailbox.split(separator: "@").last ?? "" }

    /// Whether the text can stand in a command to a mail server and say nothing else there (RFC 5321 section 4.1.2, without
    /// quoted parts, which no provider gives out).
    private static func isMailbox(_ text: Substring) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
                && !"<>()[]\\,;:\"".unicodeScalars.contains(scalar) && !scalar.properties.isWhitespace
        }
        return isPlain && parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
            && parts[0].utf8.count <= 64 && !parts[0].hasPrefix("-")
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
