/// A text that is no clock.
package struct CaseClockTextError: Error, Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package var description: String { "\"\(text)\" is not a clock such as 1796302418728 4w" }
}

extension CaseClock {
    /// The clock in one line: the start, the limit, then each pause as `from-to` or `from-`, and each extension as
    /// `at+more`, such as `1796302418728 4w 1796302500000-1796302600000 1796303000000+2w`.
    ///
    /// A case is written at every change, with all its clocks: a line costs a coder less than an object of lists.
    package var text: String {
        var text = "\(start) \(limit.text)"
        for pause in pauses { text += " \(pause.from)-\(pause.to.map(String.init) ?? "")" }
        for granted in extensions { text += " \(granted.at)+\(granted.by.text)" }
        return text
    }

    package init(text: String) throws(CaseClockTextError) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count >= 2, let start = Int64(parts[0]) else { throw CaseClockTextError(text: text) }
        do {
            self.init(start: start, limit: try TimeLimit(String(parts[1])))
            for part in parts.dropFirst(2) where !takePause(part) {
                try takeExtension(part, of: text)
            }
        } catch {
            throw CaseClockTextError(text: text)
        }
    }

    private mutating func takePause(_ part: Substring) -> Bool {
        // A moment before 1970 begins with a minus of its own.
        guard let sign = part.dropFirst().firstIndex(of: "-"), let from = Int64(part[..<sign]) else { return false }
        let end = part[part.index(after: sign)...]
        let to = Int64(end)
        guard end.isEmpty || to != nil else { return false }
        pauses.append(Pause(from: from, to: to))
        return true
    }

    private mutating func takeExtension(_ part: Substring, of text: String) throws {
        guard let sign = part.dropFirst().firstIndex(of: "+"), let at = Int64(part[..<sign]) else {
            throw CaseClockTextError(text: text)
        }
        extensions.append(Extension(at: at, by: try TimeLimit(String(part[part.index(after: sign)...]))))
    }
}
