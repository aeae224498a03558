import Contracts
import PointRules
import TestSupport
import Testing

extension Pack {
    /// A pack of one category; only what earns can be chosen.
    static func sample(
        rules: [PackPointRule] = [.snapshot], utcOffsetMinutes: Int = 480, loop: PackLoop? = nil,
        _ fill: (inout PackPoints) -> Void = { $0.caps = PackPointCaps { $0.personDay = 50 } }
    ) -> Pack {
        Pack(
            name: "sample", title: "样例", version: 1,
            calendar: PackCalendar(
                utcOffsetMinutes: utcOffsetMinutes, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [], units: [], people: [],
            categories: [
                PackCategory(
                    code: "E0102", name: "暴露垃圾", englishName: "Exposed rubbish", kind: .snapshot, filingLimit: "1w",
                    handlingLimit: "4w", keywords: [], gbCode: nil, gbVerified: false)
            ],
            routingRules: [], pointRules: rules, templates: [], webhooks: [], mergeDistance: 3_000, loop: loop,
            points: PackPoints(fill))
    }
}

extension PackPointRule {
    static let snapshot = PackPointRule(
        id: "filed-snapshot", name: "随手拍立案", categories: [], kind: .snapshot, points: 10)
}

extension CaseReference {
    static func sample(
        _ caseId: CaseID = "case-1", ledger: LedgerID = "nanchang", category: CategoryCode = "E0102",
        kind: ReportKind = .snapshot, reporters: [PersonID] = ["rider-1"]
    ) -> CaseReference {
        CaseReference(
            caseId: caseId, caseNumber: "GX-20261123-0007", communityId: "mingdu", ledgerId: ledger,
            category: category, kind: kind, reporterIds: reporters, ownerUnitId: "unit-1", handlerId: "worker-1")
    }
}

extension Timestamp {
    /// 2026-11-23 08:15 in Nanchang.
    static let morning = Timestamp(milliseconds: 1_795_392_900_000)

    func days(_ number: Int64) -> Timestamp { adding(milliseconds: number * 86_400_000) }
}

extension MessageID {
    static func named(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }
}

extension Envelope where Data == CaseEvent {
    static func sample(
        _ step: CaseChanged.Step, of reference: CaseReference = .sample(), at time: Timestamp = .morning,
        id: String = "event", details: StepDetails? = nil, _ fill: ((inout StepDetails) -> Void)? = nil
    ) -> Self {
        Envelope(
            .changed(
                CaseChanged(
                    step: step, case: reference, at: time, actorId: "dispatcher-1", reason: "重复",
                    details: fill.map { StepDetails($0) } ?? details)),
            id: .named("\(id)-\(reference.caseId)-\(step.rawValue)"), source: "/case-routing/0", time: time)
    }

    static func opened(
        _ reference: CaseReference = .sample(), at time: Timestamp = .morning, signals: [String] = []
    ) -> Self {
        Envelope(
            .opened(
                CaseOpened(
                    caseId: reference.caseId, caseNumber: reference.caseNumber,
                    reportId: ReportID("first-\(reference.caseId)"), communityId: reference.communityId,
                    ledgerId: reference.ledgerId, category: reference.category, kind: reference.kind,
                    reporterId: reference.reporterIds.first ?? "", ownerUnitId: nil, handlerId: nil,
                    location: Location(latitudeE7: 0, longitudeE7: 0), submittedAt: time, openedAt: time, routing: "",
                    flagged: nil, made: ReportMade(submittedAt: time, signals: signals))),
            id: .named("opened-\(reference.caseId)"), source: "/case-routing/0", time: time)
    }

    /// The last of the reporters joins.
    static func joined(
        _ reference: CaseReference, at time: Timestamp = .morning, signals: [String] = [], report: ReportID? = nil
    ) -> Self {
        let person = reference.reporterIds.last ?? ""
        let reportId = report ?? ReportID("\(reference.caseId)-\(person)")
        return Envelope(
            .reportJoined(
                ReportJoined(
                    case: reference, reportId: reportId, reporterId: person, distance: 0,
                    made: ReportMade(submittedAt: time, signals: signals))),
            id: .named("joined-\(reportId)"), source: "/case-routing/0", time: time)
    }

    static func withdrawn(_ report: ReportID, from reference: CaseReference, at time: Timestamp = .morning) -> Self {
        Envelope(
            .reportAmended(
                CaseReportAmended(
                    case: reference, reportId: report, actorId: "rider-1", amendment: .withdrawn, stage: .opened,
                    text: nil, address: nil, photos: nil, externalStatus: nil, at: time)),
            id: .named("withdrawn-\(report)"), source: "/case-routing/0", time: time)
    }

    static func transferred(_ reference: CaseReference = .sample(), at time: Timestamp = .morning) -> Self {
        Envelope(
            .transferred(
                CaseTransferred(
                    case: reference, toCommunityId: "longjiang", reportIds: [], at: time, actorId: "dispatcher-1",
                    reason: nil)),
            id: .named("transferred-\(reference.caseId)"), source: "/case-routing/0", time: time)
    }
}

/// The books in memory: what a store keeps, without a store.
struct SampleBooks: EarningRecords {
    /// What the ledger had to give out at first.
    var funded = 1_000_000
    var used: [CapPeriod: Int] = [:]
    var cases: [CaseID: EarningCase] = [:]
    var pending: [Earner: Int] = [:]
    var available: [Earner: Int] = [:]
    var moves: [EarningMove] = []
    var seen: Set<MessageID> = []
    var due: [CaseID: Timestamp] = [:]

    func promised(in period: CapPeriod) throws -> Int { used[period] ?? 0 }

    func budget(of ledger: LedgerID) throws -> Int {
        funded - pending.values.reduce(0, +) - available.values.reduce(0, +)
    }

    /// Weighs the event and books what comes of it.
    @discardableResult
    mutating func observe(_ event: Envelope<CaseEvent>, _ pack: Pack? = .sample()) throws -> Weighed? {
        guard seen.insert(event.id).inserted else { return nil }
        let weighed = try weigh(
            event, known: cases[event.data.reference.caseId], pack: pack, records: self)
        keep(weighed)
        for move in weighed.moves {
            // Whatever a rule does is said in English, too, and only names that the pack has in Chinese alone are quoted.
            let english = try #require(move.event.explanationInEnglish)
            let rest = english.replacing(/“[^”]*”/, with: "")
            #expect(!rest.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(english)")
        }
        return weighed
    }

    /// Lets the timers ring that are due.
    mutating func ring(at clock: Timestamp) {
        for (id, time) in due.sorted(by: { $0.key < $1.key }) where time <= clock {
            due[id] = nil
            guard let known = cases[id] else { continue }
            keep(release(known, at: clock, cause: .named("timer-\(id)")))
        }
    }

    private mutating func keep(_ weighed: Weighed) {
        cases[weighed.case.caseId] = weighed.case
        for (period, points) in weighed.newlyPromised { used[period, default: 0] += points }
        for move in weighed.moves {
            for change in move.changes {
                pending[change.earner, default: 0] += change.points
                if move.event.step == .released { available[change.earner, default: 0] -= change.points }
            }
        }
        moves += weighed.moves
        switch weighed.timer {
        case .stays: break
        case .cancelled: due[weighed.case.caseId] = nil
        case .set(let time): due[weighed.case.caseId] = time
        }
    }

    func pending(_ person: PersonID) -> Int { pending[.person(person)] ?? 0 }
    func available(_ person: PersonID) -> Int { available[.person(person)] ?? 0 }
}
