/// How a report of a case was made, as far as those need it who pay for it.
package struct ReportMade: Codable, Sendable, Equatable {
    /// When intake stored the report, by intake's clock.
    package let submittedAt: Timestamp
    /// What is odd about it, in the order of ``CaptureSignal``; empty where nothing is.
    ///
    /// Texts, so that readers of today pass over a signal of tomorrow.
    package let signals: [String]
    /// What its photos look like, in the reporter's order: 64 bits each in 16 hexadecimal digits (dHash).
    package let looks: [String]

    package init(submittedAt: Timestamp, signals: [String] = [], looks: [String] = []) {
        self.submittedAt = submittedAt
        self.signals = signals
        self.looks = looks
    }

    package init(_ report: ReportSubmitted) {
        self.init(
            submittedAt: report.submittedAt, signals: report.capture?.signals ?? [],
            looks: (report.photos ?? []).map(\.look))
    }

    package func has(_ signal: CaptureSignal) -> Bool { signals.contains(signal.rawValue) }
}
