package import Contracts

/// A text with its facts in it, in one language.
package struct Wording: Codable, Sendable, Equatable {
    package let title: String
    package let body: String
    /// 简明: one plain sentence.
    package let short: String
    package let language: NotificationLanguage

    package init(title: String, body: String, short: String, language: NotificationLanguage) {
        self.title = title
        self.body = body
        self.short = short
        self.language = language
    }

    /// What a template says of an event: in Chinese where it has no text of the language.
    ///
    /// - Parameter recipient: Who reads it, where one person does.
    package init(
        _ template: PackTemplate, about event: NotifiableEvent, pack: Pack, language: NotificationLanguage,
        to recipient: PersonID? = nil, reasons: ReasonStyle = .quoted
    ) {
        let chinese = PackText(title: template.title, body: template.body, short: template.short)
        self.init(
            chinese, english: template.english, language: language,
            facts: { Facts(event, pack: pack, language: $0, recipient: recipient, reasons: reasons) })
    }

    /// What a digest says of a week.
    package init(_ digest: PackDigest, of counts: DigestCounts, language: NotificationLanguage) {
        self.init(digest.text, english: digest.english, language: language, facts: { _ in Facts(counts) })
    }

    private init(
        _ chinese: PackText, english: PackText?, language: NotificationLanguage, facts: (NotificationLanguage) -> Facts
    ) {
        let english = language == .english ? english : nil
        let text = english ?? chinese
        self.language = english == nil ? .chinese : .english
        let facts = facts(self.language)
        title = facts.fill(text.title)
        body = facts.fill(text.body)
        short = facts.fill(text.short ?? text.body)
    }

    /// What a group reads of an event for which the pack has no words: bare facts.
    package init(bare event: NotifiableEvent, pack: Pack, reasons: ReasonStyle = .quoted) {
        let facts = Facts(event, pack: pack, language: .chinese, reasons: reasons)
        let said = TellableEvent.variables.compactMap { facts.values[$0] }
        self.init(
            title: event.messageType, body: said.joined(separator: " · "), short: event.messageType,
            language: .chinese)
    }

    /// What stands in an inbox for a person who wants this form.
    package func body(in form: MessageForm) -> String { form == .short ? short : body }
}

// MARK: - Several in one

extension Wording {
    /// No more bodies stand in one message.
    package static let mostMerged = 10

    /// One text of several about one matter, the oldest first: the newest gives the title, all are in the body.
    ///
    /// Nil for none.
    package static func merged(_ wordings: [Wording]) -> Wording? {
        guard let newest = wordings.last else { return nil }
        guard wordings.count > 1 else { return newest }
        let bodies = wordings.suffix(mostMerged).map { "\($0.title)\n\($0.body)" }
        let (title, short) =
            switch newest.language {
            case .chinese: ("\(newest.title)（共 \(wordings.count) 条）", "\(newest.short)另有 \(wordings.count - 1) 条进展。")
            case .english:
                ("\(newest.title) (\(wordings.count) updates)", "\(newest.short) And \(wordings.count - 1) more.")
            }
        return Wording(
            title: title, body: bodies.joined(separator: "\n\n"), short: short, language: newest.language)
    }
}

/// What a person's week came to.
package struct DigestCounts: Sendable, Equatable {
    /// Reports of one's own that were taken in.
    package var reports: Int
    /// Cases of one's own that were closed.
    package var closed: Int
    /// Points that arrived, less those that were taken back.
    package var points: Int
    /// All that was told.
    package var messages: Int

    package init(reports: Int = 0, closed: Int = 0, points: Int = 0, messages: Int = 0) {
        self.reports = reports
        self.closed = closed
        self.points = points
        self.messages = messages
    }
}

extension PackProviderTemplate {
    /// The provider's variables with an event's facts in them.
    package func filled(
        about event: NotifiableEvent, pack: Pack, language: NotificationLanguage, to recipient: PersonID? = nil,
        reasons: ReasonStyle = .quoted
    ) -> [String: String] {
        let facts = Facts(event, pack: pack, language: language, recipient: recipient, reasons: reasons)
        return variables.mapValues(facts.fill)
    }
}

extension Pack {
    /// The text for an event and a role; nil where the pack has none.
    package func template(for event: String, role: AudienceRole) -> PackTemplate? {
        templates.first { $0.event == event && $0.role == role }
    }
}
