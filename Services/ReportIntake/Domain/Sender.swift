package import Contracts

/// Who sends a report, which need not be who saw it.
package struct Sender: Hashable, Sendable {
    package let id: PersonID
    /// Whether it may send what others saw: platforms and importers.
    package let maySpeakForOthers: Bool

    package init(id: PersonID, maySpeakForOthers: Bool) {
        self.id = id
        self.maySpeakForOthers = maySpeakForOthers
    }

    /// Says why this sender may not name that reporter; nil where it may.
    package func fault(naming reporter: PersonID?) -> FormFault? {
        guard let reporter, reporter != id, !maySpeakForOthers else { return nil }
        return FormFault("must be your own id or left out: only a platform reports for others")
    }
}
