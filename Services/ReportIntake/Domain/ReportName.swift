package import Contracts

/// A name under which one sender may send a report again: its `Idempotency-Key`, or a platform's own id.
///
/// The name's id follows from the sender and the name alone, so that every replica of intake gives a report that is sent
/// twice the same id, and later steps know it again.
package struct ReportName: Hashable, Sendable {
    package let id: MessageID

    package init(key: String, of sender: PersonID) {
        self.init("key", key, of: sender)
    }

    package init(externalId: ExternalID, of sender: PersonID) {
        self.init("external", externalId.text, of: sender)
    }

    /// Every name that a report has; the first gives the report its id.
    ///
    /// The platform's own id goes first: it stays the same when the report is sent once more under another key. The id of a
    /// report whose reporter is hidden must not lead to its sender, by somebody who tries all senders.
    package static func all(
        of form: ReportForm, from sender: Sender, key: String?, _ people: ReporterNames
    ) -> [ReportName] {
        let namer = form.identity == .pseudonymous ? sender.id : people.confidential(sender.id)
        return [
            form.externalId.map { ReportName(externalId: $0, of: namer) },
            key.map { ReportName(key: $0, of: namer) },
        ].compactMap(\.self)
    }

    /// Lines keep the parts apart: neither a sender's id nor a name holds a line break.
    private init(_ kind: String, _ name: String, of sender: PersonID) {
        id = MessageID(namespace: .suishoupai, name: "report\n\(kind)\n\(sender.rawValue)\n\(name)")
    }
}

/// Whether a report was sent before.
package enum Repetition: Equatable, Sendable {
    case new
    /// The same words under the same name: the first answer holds.
    case same(report: MessageID)
    /// Another report under a name that is taken.
    case conflict

    /// What is kept of a name that was used.
    package struct Record: Hashable, Sendable {
        package let report: MessageID
        /// Tells the bodies that were sent apart.
        package let fingerprint: String

        package init(report: MessageID, fingerprint: String) {
            self.report = report
            self.fingerprint = fingerprint
        }
    }

    /// Decides from what is kept of the report's names, of those that were used before.
    package init(fingerprint: String, known: [Record]) {
        guard let first = known.first else {
            self = .new
            return
        }
        let isSame = known.allSatisfy { $0.fingerprint == fingerprint && $0.report == first.report }
        self = isSame ? .same(report: first.report) : .conflict
    }
}
