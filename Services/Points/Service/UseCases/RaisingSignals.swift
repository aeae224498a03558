import Contracts
import EventProcessing
import GRDB
import PointsDomain

/// Looks for oddities in what points hears of cases, and takes what a person finds behind them.
///
/// A signal moves no points.
struct RaisingSignals {
    let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    private var database: Database { transaction.database }

    // MARK: Raising

    func look(at event: Envelope<CaseEvent>) throws {
        let ledger = event.data.reference.ledgerId
        let report = try SeenReport(event) { try SeenReportRow.place(of: $0, in: ledger, database) }
        guard let report, report.at >= transaction.clock.adding(milliseconds: -Oddity.photoSpan) else { return }
        let look = Look(ledger: ledger, report: report, thresholds: try transaction.pack().map(SignalThresholds.init))
        // A report that comes once more, with a case that was merged or split, is counted no second time.
        if let made = event.data.made, try SeenReportRow.insert(report, in: ledger, database) {
            try lookAtPhotos(made, look)
            try lookAtPlaceAndTime(look)
        }
        if case .reportJoined(let joined) = event.data, let support = Support(joined, at: report.at) {
            try lookAtSupport(support, look)
        }
        try SeenReportRow.prune(before: transaction.clock.adding(milliseconds: -Oddity.photoSpan), in: database)
        try SupportRow.prune(before: transaction.clock.adding(milliseconds: -2 * Oddity.monthSpan), in: database)
    }

    private struct Look {
        let ledger: LedgerID
        let report: SeenReport
        /// Nil before the first pack: then what comes is only kept.
        let thresholds: SignalThresholds?
    }

    private func lookAtPhotos(_ made: ReportMade, _ look: Look) throws {
        let looks = made.looks.compactMap { PhotoBits($0) }
        if let thresholds = look.thresholds, look.report.personId.canHoldPoints {
            let since = look.report.at.adding(milliseconds: -Oddity.photoSpan)
            let earlier = try looks.flatMap { try SeenPhotoRow.like($0, since: since, in: look.ledger, database) }
            let oddity = reusedPhoto(
                in: look.report, signals: made.signals, looks: looks, among: earlier, by: thresholds)
            if let oddity { try raise(oddity, subject: oddity.subject, in: look.ledger) }
        }
        for bits in looks {
            try SeenPhotoRow.insert(SeenPhoto(look: bits, report: look.report), in: look.ledger, database)
        }
    }

    private func lookAtPlaceAndTime(_ look: Look) throws {
        guard let thresholds = look.thresholds, look.report.personId.canHoldPoints else { return }
        let report = look.report
        let person = report.personId.rawValue
        let crowd = try SeenReportRow.ofSamePerson(as: report, within: Oddity.burstSpan, in: look.ledger, database)
        let bursts = try SignalRow.windows(
            .burst, of: person, in: look.ledger, around: report.at, span: Oddity.burstSpan, database)
        if let oddity = burst(of: report, among: crowd, told: bursts, by: thresholds) {
            try raise(oddity, subject: person, in: look.ledger)
        }
        let near = try SeenReportRow.around(report, within: Oddity.monthSpan, in: look.ledger, database)
        let places = try SignalRow.windows(
            .samePlace, of: person, at: report.location, in: look.ledger, around: report.at, span: Oddity.monthSpan,
            database)
        if let oddity = samePlace(of: report, among: near, told: places, by: thresholds) {
            try raise(oddity, subject: person, in: look.ledger)
        }
    }

    private func lookAtSupport(_ support: Support, _ look: Look) throws {
        guard try SupportRow.insert(support, in: look.ledger, database), let thresholds = look.thresholds else {
            return
        }
        let pair = [support.supporter, support.supported].sorted().map(\.rawValue).joined(separator: "|")
        let told = try SignalRow.windows(
            .ring, of: pair, in: look.ledger, around: support.at, span: Oddity.monthSpan, database)
        let others = try SupportRow.between(support, within: Oddity.monthSpan, in: look.ledger, database)
        if let oddity = ring(of: support, among: others, told: told, by: thresholds) {
            try raise(oddity, subject: pair, in: look.ledger)
        }
    }

    private func raise(_ oddity: Oddity, subject: String, in ledger: LedgerID) throws {
        guard try SignalRow.insert(oddity, subject: subject, in: ledger, database) else { return }
        try transaction.emit(
            oddity.raised(in: ledger, at: transaction.clock), to: TopicCatalogue.pointsEvents, key: ledger.rawValue)
    }

    // MARK: Reviewing

    func review(_ command: Command) throws -> Disposition {
        let review = try command.read(ReviewSignal.self).data
        if let notAfter = review.notAfter, notAfter < transaction.clock { return .refused(.tooLate) }
        guard let signal = try SignalRow.find(review.signalId, in: database), signal.ledgerId == review.ledgerId else {
            return .refused(.noSignal(review.signalId))
        }
        let actor = review.actor
        guard actor.has(Role.dispatcher) || actor.has(Role.admin), !signal.personIds.contains(actor.personId) else {
            return .refused(.mayNotReview)
        }
        guard !review.reason.isEmpty else { return .refused(.reasonMissing) }
        let content = ContentHash.fingerprint("review", "\(review.founded)", review.reason, actor.personId.rawValue)
        if let by = signal.reviewedBy {
            return signal.review == content ? .applied : .refused(.reviewed(review.signalId, by: by))
        }
        try SignalRow.review(review.signalId, by: actor.personId, content, in: database)
        try transaction.emit(
            SignalReviewed(
                signalId: review.signalId, ledgerId: review.ledgerId, founded: review.founded, reason: review.reason,
                at: transaction.clock, actorId: actor.personId),
            to: TopicCatalogue.pointsEvents, key: review.ledgerId.rawValue)
        return .applied
    }
}

extension CaseEvent {
    /// How the report of the event was made; nil where that was not told.
    fileprivate var made: ReportMade? {
        switch self {
        case .opened(let opened): opened.made
        case .reportJoined(let joined): joined.made
        case .changed, .transferred, .reportAmended, .reclassified: nil
        }
    }
}
