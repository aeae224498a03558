package import Contracts

/// Something odd that was counted, before anybody looked at it.
package struct Oddity: Sendable, Equatable {
    /// One place: so many centimetres.
    package static let reach = 5_000
    /// Ten minutes, in milliseconds.
    package static let burstSpan: Int64 = 600_000
    /// 30 days, in milliseconds.
    package static let monthSpan: Int64 = 30 * 86_400_000
    /// 90 days, in milliseconds.
    package static let photoSpan: Int64 = 90 * 86_400_000
    /// So many cases are named.
    package static let mostCases = 50

    package let kind: SignalRaised.Kind
    /// What it is about, in one word: of one subject and window there is one signal.
    package let subject: String
    package let personIds: [PersonID]
    /// In order of time, each once.
    package let caseIds: [CaseID]
    package let window: ClosedRange<Timestamp>
    package let explanation: String
    /// Of `samePlace`.
    package let location: Location?

    init(
        _ kind: SignalRaised.Kind, subject: String, personIds: [PersonID], caseIds: [CaseID],
        window: ClosedRange<Timestamp>, explanation: String, location: Location? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.personIds = personIds
        self.caseIds = caseIds.firstOfEach(Self.mostCases)
        self.window = window
        self.explanation = explanation
        self.location = location
    }

    /// Follows from kind, subject and the window's start.
    package func signalId(in ledger: LedgerID) -> SignalID {
        let name = "signal|\(ledger)|\(kind.rawValue)|\(subject)|\(window.lowerBound)"
        return SignalID(MessageID(namespace: .suishoupai, name: name).description)
    }

    package func raised(in ledger: LedgerID, at time: Timestamp) -> SignalRaised {
        SignalRaised(
            signalId: signalId(in: ledger), ledgerId: ledger, kind: kind, personIds: personIds, caseIds: caseIds,
            explanation: explanation, at: time)
    }
}

/// From when on something is odd, by the pack or without its word.
package struct SignalThresholds: Sendable, Equatable {
    package let samePlace: Int
    package let ring: Int
    package let burst: Int
    /// Minutes east of Greenwich, for the words.
    package let utcOffsetMinutes: Int

    package init(_ pack: Pack) {
        let signals = pack.points?.signals
        samePlace = max(2, signals?.samePlace ?? 5)
        ring = max(1, signals?.ring ?? 3)
        burst = max(2, signals?.burst ?? 6)
        utcOffsetMinutes = pack.calendar.utcOffsetMinutes
    }

    func words(_ time: Timestamp) -> String {
        let local = time.adding(milliseconds: Int64(utcOffsetMinutes) * 60_000).description
        return local.prefix(16).split(separator: "T").joined(separator: " ")
    }
}

/// Very many reports of one person in a short time; nil where they are not so many.
///
/// - Parameters:
///   - others: reports of the same person around that time.
///   - told: windows that a signal was raised for.
package func burst(
    of report: SeenReport, among others: [SeenReport], told: [ClosedRange<Timestamp>], by thresholds: SignalThresholds
) -> Oddity? {
    let reports = untold(others + [report], told)
    let window = fullestWindow(of: reports, at: \.at, around: report.at, span: Oddity.burstSpan) {
        $0.count >= thresholds.burst
    }
    guard let window, let first = window.first, let last = window.last else { return nil }
    return Oddity(
        .burst, subject: report.personId.rawValue, personIds: [report.personId], caseIds: window.map(\.caseId),
        window: first.at...first.at.adding(milliseconds: Oddity.burstSpan),
        explanation: "10 分钟内（\(thresholds.words(first.at)) 至 \(thresholds.words(last.at))）上报 \(window.count) 次，"
            + "阈值 \(thresholds.burst) 次：案件 \(window.map(\.caseNumber).inWords)。")
}

/// One person reports one place again and again; nil where it is not so often.
///
/// - Parameter others: reports of the same person, near or not.
package func samePlace(
    of report: SeenReport, among others: [SeenReport], told: [ClosedRange<Timestamp>], by thresholds: SignalThresholds
) -> Oddity? {
    guard let location = report.location, let cell = location.cell else { return nil }
    let reports = untold(others.filter { $0.isNear(report) } + [report], told)
    let window = fullestWindow(of: reports, at: \.at, around: report.at, span: Oddity.monthSpan) {
        $0.count >= thresholds.samePlace
    }
    guard let window, let first = window.first else { return nil }
    return Oddity(
        .samePlace, subject: "\(report.personId)|\(cell)", personIds: [report.personId],
        caseIds: window.map(\.caseId), window: first.at...first.at.adding(milliseconds: Oddity.monthSpan),
        explanation: "30 天内（自 \(thresholds.words(first.at)) 起）在 50 米之内上报 \(window.count) 次，"
            + "阈值 \(thresholds.samePlace) 次：案件 \(window.map(\.caseNumber).inWords)。", location: location)
}

/// Two who confirm each other's reports, both ways; nil where they do not do so often.
///
/// - Parameter others: what the two confirmed of each other around that time.
package func ring(
    of support: Support, among others: [Support], told: [ClosedRange<Timestamp>], by thresholds: SignalThresholds
) -> Oddity? {
    let pair = [support.supporter, support.supported].sorted()
    let all = (others + [support]).filter { support in !told.contains { $0.contains(support.at) } }
        .sorted { ($0.at, $0.caseId) < ($1.at, $1.caseId) }
    let window = fullestWindow(of: all, at: \.at, around: support.at, span: Oddity.monthSpan) { window in
        pair.allSatisfy { person in window.count { $0.supporter == person } >= thresholds.ring }
    }
    guard let window, let first = window.first else { return nil }
    let counts = pair.map { person in window.count { $0.supporter == person } }
    return Oddity(
        .ring, subject: "\(pair[0])|\(pair[1])", personIds: pair, caseIds: window.map(\.caseId),
        window: first.at...first.at.adding(milliseconds: Oddity.monthSpan),
        explanation: "30 天内（自 \(thresholds.words(first.at)) 起）两人互相佐证：一方 \(counts[0]) 次，另一方 \(counts[1]) 次，"
            + "阈值各 \(thresholds.ring) 次：案件 \(window.map(\.caseNumber).inWords)。")
}

private func untold(_ reports: [SeenReport], _ told: [ClosedRange<Timestamp>]) -> [SeenReport] {
    reports.filter { report in !told.contains { $0.contains(report.at) } }
        .sorted { ($0.at, $0.reportId) < ($1.at, $1.reportId) }
}

/// Of all windows of a span that hold a moment, the one with the most items that are enough; of equal ones the first.
///
/// - Parameter items: in order of time; whether something of that moment is among them decides whether there is any.
private func fullestWindow<Item>(
    of items: [Item], at time: KeyPath<Item, Timestamp>, around moment: Timestamp, span: Int64,
    isEnough: ([Item]) -> Bool
) -> [Item]? {
    guard items.contains(where: { $0[keyPath: time] == moment }) else { return nil }
    var best: [Item]?
    for start in items.indices {
        let from = items[start][keyPath: time]
        let until = from.adding(milliseconds: span)
        guard from <= moment else { break }
        guard moment <= until else { continue }
        let window = items[start...].prefix { $0[keyPath: time] <= until }
        if window.count > (best?.count ?? 0), isEnough(Array(window)) { best = Array(window) }
    }
    return best
}

extension [CaseID] {
    /// Each once, in order, so many at most.
    fileprivate func firstOfEach(_ most: Int) -> [CaseID] {
        var seen: Set<CaseID> = []
        return Array(filter { seen.insert($0).inserted }.prefix(most))
    }
}

extension [String] {
    /// Each once; of very many the first ones.
    var inWords: String {
        var seen: Set<String> = []
        let each = filter { seen.insert($0).inserted }
        let named = each.prefix(10).joined(separator: "、")
        return each.count > 10 ? "\(named) 等 \(each.count) 件" : named
    }
}
