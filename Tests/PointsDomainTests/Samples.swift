import Contracts

extension Pack {
    /// A pack of two categories; only what points weigh can be chosen.
    static func sample(
        rules: [PackPointRule] = [.snapshot], cap: Int? = 50, utcOffsetMinutes: Int = 480
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
            routingRules: [], pointRules: rules, templates: [], webhooks: [], mergeDistance: 3_000,
            points: PackPoints { $0.caps = PackPointCaps { $0.personDay = cap } })
    }
}

extension PackPointRule {
    static let snapshot = PackPointRule(
        id: "filed-snapshot", name: "随手拍立案", categories: [], kind: .snapshot, points: 10)
}

extension CaseReference {
    static func sample(
        _ caseId: CaseID = "case-1", ledger: LedgerID = "nanchang", category: CategoryCode = "E0102",
        kind: ReportKind = .snapshot, reporters: [PersonID] = ["rider-1", "rider-2"]
    ) -> CaseReference {
        CaseReference(
            caseId: caseId, caseNumber: "GX-20261123-0007", communityId: "mingdu", ledgerId: ledger,
            category: category, kind: kind, reporterIds: reporters, ownerUnitId: "unit-1", handlerId: "worker-1")
    }
}

extension Timestamp {
    /// 2026-11-23 08:15 in Nanchang.
    static let morning = Timestamp(milliseconds: 1_795_392_900_000)
}

extension Envelope where Data == CaseEvent {
    static func sample(
        _ step: CaseChanged.Step, of reference: CaseReference = .sample(), at time: Timestamp = .morning,
        id: String = "event"
    ) -> Envelope<CaseEvent> {
        Envelope(
            .changed(CaseChanged(step: step, case: reference, at: time, actorId: "dispatcher-1", reason: "重复")),
            id: .named("\(id)-\(reference.caseId)-\(step.rawValue)"), source: "/case-routing/0", time: time)
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

extension MessageID {
    static func named(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }
}
