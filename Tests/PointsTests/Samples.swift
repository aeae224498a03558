import Contracts

extension Pack {
    /// Ten points for every filed report, at most 35 a day.
    static let sample = sample(funding: 100_000)

    static func sample(funding budget: Int, releaseDays: Int = 0, expiryMonths: Int? = nil) -> Pack {
        Pack(
            name: "sample", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [], units: [], people: [], categories: [], routingRules: [],
            pointRules: [PackPointRule(id: "filed", name: "立案", categories: [], kind: nil, points: 10)],
            templates: [], webhooks: [], mergeDistance: 3_000,
            points: PackPoints {
                $0.releaseDays = releaseDays
                $0.expiryMonths = expiryMonths
                $0.caps = PackPointCaps { $0.personDay = 35 }
                $0.funders = [
                    PackFunder(
                        id: "street", name: "街道", ledgerId: "nanchang", line: 1_000_000,
                        budgets: [PackFunder.Budget(from: "2026-01-01", points: budget)])
                ]
            })
    }
}

extension Timestamp {
    /// 2026-11-23 08:15 in Nanchang.
    static let morning = Timestamp(milliseconds: 1_795_392_900_000)
}

extension MessageID {
    static func named(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }
}

extension Envelope where Data == CaseEvent {
    static func filed(_ caseId: CaseID) -> Envelope<CaseEvent> {
        .step(.filed, of: caseId, reporter: "rider-1", at: .morning, id: 0)
    }

    static func joined(_ caseId: CaseID, by person: PersonID, after others: [PersonID], id: Int = 0) -> Self {
        Envelope(
            .reportJoined(
                ReportJoined(
                    case: .sample(caseId, others + [person]), reportId: ReportID("\(caseId)-\(person)-\(id)"),
                    reporterId: person, distance: 0, made: ReportMade(submittedAt: .morning))),
            id: .named("joined-\(caseId)-\(person)-\(id)"), source: "/case-routing/0", time: .morning)
    }

    static func amended(_ caseId: CaseID, by amendment: Amendment) -> Self {
        Envelope(
            .reportAmended(
                CaseReportAmended(
                    case: .sample(caseId, []), reportId: "report-1", actorId: "rider-1", amendment: amendment,
                    stage: .opened, text: nil, address: nil, photos: nil, externalStatus: nil, at: .morning)),
            id: .named("amended-\(caseId)"), source: "/case-routing/0", time: .morning)
    }

    static func step(
        _ step: CaseChanged.Step, of caseId: CaseID, reporter: PersonID, at time: Timestamp, id: Int
    ) -> Envelope<CaseEvent> {
        let reference = CaseReference.sample(caseId, [reporter])
        return Envelope(
            .changed(CaseChanged(step: step, case: reference, at: time, actorId: "dispatcher-1")),
            id: .named("event-\(caseId)-\(id)"), source: "/case-routing/0", time: time)
    }
}

extension CaseReference {
    static func sample(_ caseId: CaseID, _ reporters: [PersonID]) -> CaseReference {
        CaseReference(
            caseId: caseId, caseNumber: "GX-\(caseId)", communityId: "mingdu", ledgerId: "nanchang",
            category: "E0102", kind: .snapshot, reporterIds: reporters, ownerUnitId: nil, handlerId: nil)
    }
}
