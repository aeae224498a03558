/// What belongs to some actions on a case, and to some of its steps, beside who, when and why.
///
/// Which of it an action or a step carries, its schema says; everything else is absent.
package struct StepDetails: Codable, Sendable, Equatable {
    /// What was found or done, in pictures: of check, handle, verify and co-handle.
    package var photos: [ReportPhoto]?
    /// Until when: a parked case rests 挂账, a reporter may answer, an outside party has time, the called units are to be there.
    package var until: Timestamp?
    /// More time 延期, such as `2d`: w working hours, e emergency clock hours, d working days, n natural days.
    package var limit: String?
    /// Whom it was escalated to, counted from the handler's own unit head 1.
    package var level: Int?
    /// The units that were called to a spot 吹哨, came to it 报到 or missed it; the co-owner 协办.
    package var unitIds: [UnitID]?
    /// The outside party that has the case, by name.
    package var party: String?
    /// SHA-256 in hex of the link that an outside party was given; of commands only: the party's own carries it too.
    package var linkHash: String?
    /// What the reporter said when asked 回访.
    package var satisfied: Bool?
    package var solved: Bool?
    /// The case that this one was merged into 并案 or split from, is a part of, or may be the same as.
    package var otherCaseId: CaseID?
    /// The reports that went with a merge or a split, in order of joining.
    package var reportIds: [ReportID]?
    /// Why two cases were taken for one.
    package var match: CaseMatch?
    /// How much of the time given is used up when a warning is sounded, in thousandths.
    package var used: Int?

    package init(_ fill: (inout StepDetails) -> Void = { _ in }) {
        fill(&self)
    }
}

/// How like two reports or cases are, with what speaks for it.
package struct CaseMatch: Codable, Sendable, Equatable {
    /// From 0 to 1000.
    package let score: Int
    /// What counted, such as `距离 12 米 +420 / 12 m apart +420`.
    package let reasons: [String]

    package init(score: Int, reasons: [String]) {
        self.score = score
        self.reasons = reasons
    }
}
