/// How a report was made, as far as points look at it.
///
/// Part of `case.opened` and `case.report-joined`.
package struct ReportMade: Codable, Sendable, Equatable {
    /// When intake stored it, by intake's clock.
    package let submittedAt: Timestamp
    /// What is odd, in the words of ``CaptureSignal``; empty where nothing is.
    package let signals: [String]
    /// What its photos look like, in the reporter's order.
    package let looks: [String]

    package init(submittedAt: Timestamp, signals: [String], looks: [String]) {
        self.submittedAt = submittedAt
        self.signals = signals
        self.looks = looks
    }
}

extension ReportSubmitted {
    package var made: ReportMade {
        ReportMade(
            submittedAt: submittedAt, signals: capture?.signals ?? [], looks: (photos ?? []).map(\.look))
    }
}
