package import Contracts

/// How a text says the reason that an event gives.
package enum ReasonStyle: Sendable {
    /// As it stands in the event, in whatever language.
    case asRecorded
    /// In the text's language where the event has it, else between quotation marks in an English text.
    case quoted
}

/// Why something happened, in the words of the event.
struct Reason {
    let words: String
    /// Whether somebody wrote it: it is never cut.
    ///
    /// What a program says has both languages, with a stroke between.
    let isWritten: Bool
    /// The same in English, where the event has it apart.
    var english: String?

    func text(in language: NotificationLanguage, _ style: ReasonStyle) -> String {
        guard style == .quoted else { return words }
        let sides = isWritten || english != nil ? nil : Self.sides(of: words)
        return switch language {
        case .chinese: sides?.chinese ?? words
        case .english: english ?? sides?.english ?? "“\(words)”"
        }
    }

    /// What stands on the sides of the first ` / ` that has Chinese before it and none behind it.
    private static func sides(of words: String) -> (chinese: String, english: String)? {
        let bytes = Array(words.utf8)
        let stroke = Array(" / ".utf8)
        guard bytes.count > stroke.count else { return nil }
        for start in 0...(bytes.count - stroke.count) where Array(bytes[start..<(start + stroke.count)]) == stroke {
            let chinese = String(decoding: bytes[..<start], as: UTF8.self)
            let english = String(decoding: bytes[(start + stroke.count)...], as: UTF8.self)
            if isChinese(chinese), !isChinese(english), !english.isEmpty { return (chinese, english) }
        }
        return nil
    }

    private static func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}

extension NotifiableEvent {
    /// Nil where nobody gave one.
    var reason: Reason? {
        func reason(_ words: String?, _ actor: PersonID?) -> Reason? {
            words.map { Reason(words: $0, isWritten: actor != nil) }
        }
        return switch self {
        case .aboutCase(.opened), .aboutCase(.reportJoined): nil
        case .aboutCase(.transferred(let event)): reason(event.reason, event.actorId)
        case .aboutCase(.reportAmended(let event)): reason(event.text, event.actorId)
        case .aboutCase(.reclassified(let event)): reason(event.reason, event.actorId)
        case .aboutCase(.changed(let event)): reason(event.reason, event.actorId)
        case .aboutPoints(let event):
            Reason(
                words: event.explanation, isWritten: event.actorId != nil, english: event.explanationInEnglish)
        case .aboutNotice(let event): reason(event.reason, event.actorId)
        case .aboutOrder(let event): reason(event.reason, event.actorId)
        }
    }
}

extension PointsMoved {
    /// What each person has more or less to expect, where a promise was divided anew; empty for all else.
    package var shares: [PersonID: Int] {
        guard step == .shared else { return [:] }
        let beginning = "\(AccountKind.pending.rawValue):\(ledgerId):"
        return postings.reduce(into: [:]) { shares, posting in
            guard posting.accountId.rawValue.hasPrefix(beginning) else { return }
            let person = PersonID(String(posting.accountId.rawValue.dropFirst(beginning.count)))
            if person.canHoldPoints { shares[person, default: 0] += posting.amount }
        }
    }
}
