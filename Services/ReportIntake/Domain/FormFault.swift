/// What a field must be, said to the one who wrote it: "must be …".
package struct FormFault: Error, Hashable, Sendable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// The rules that every text of a report is held to.
enum PlainText {
    /// Returns the text as it stands where it is not blank, not too long, and can be shown to people.
    ///
    /// Lengths are counted in Unicode scalars, so that every client can count them.
    static func checked(_ text: String, atMost limit: Int) throws(FormFault) -> String {
        var count = 0
        var isBlank = true
        for scalar in text.unicodeScalars {
            count += 1
            guard scalar.value >= 0x20 || scalar == "\n" || scalar == "\r" || scalar == "\t", scalar.value != 0x7F
            else { throw FormFault("must not contain control characters") }
            if isBlank, !scalar.properties.isWhitespace { isBlank = false }
        }
        guard !isBlank else { throw FormFault("must not be blank") }
        guard count <= limit else { throw FormFault("must be 1 to \(limit) characters long, but has \(count)") }
        return text
    }

    /// The same for names that machines give: visible ASCII only.
    static func checkedName(_ text: String, atMost limit: Int) throws(FormFault) -> String {
        guard (1...limit).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw FormFault("must be 1 to \(limit) visible ASCII characters")
        }
        return text
    }
}
