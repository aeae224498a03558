import Contracts
import TestSupport

@testable import Portal

extension CaseState {
    static func sample(
        _ id: CaseID = "case-1", version: Int = 1, in community: CommunityID = CitySample.mingdu,
        kind: ReportKind = .snapshot, category: CategoryCode = CitySample.garbage, stage: CaseStage = .opened,
        saying description: String = "楼下一堆垃圾", reporters: [PersonID] = ["rider-1"], unit: UnitID? = nil,
        handler: PersonID? = nil, openedAt: Timestamp = PortalUnderTest.noon, isOverdue: Bool = false,
        closedAt: Timestamp? = nil, course: CaseCourse? = nil, grid: GridID? = nil, photos: [PhotoID]? = nil,
        voiceNotes: [VoiceNote]? = nil,
        deadline: Timestamp? = nil, address: String = "3 栋 2 单元", flagged: String? = "没有责任单位",
        at location: Location = CitySample.townHall, reopens: Int = 0
    ) -> CaseState {
        CaseState(
            caseId: id, version: version, caseNumber: "MD-\(id)", communityId: community, ledgerId: "gaoxin",
            kind: kind, category: category, stage: stage, description: description, address: address,
            location: location, reportIds: [ReportID("report of \(id)")], reporterIds: reporters,
            ownerUnitId: unit, handlerId: handler, submittedAt: openedAt, openedAt: openedAt, deadline: deadline,
            isOverdue: isOverdue, closedAt: closedAt, reworks: 0, returns: 0, reopens: reopens, flagged: flagged,
            ended: false, photos: photos, voiceNotes: voiceNotes, course: course, gridId: grid)
    }

    var reference: CaseReference {
        CaseReference(
            caseId: caseId, caseNumber: caseNumber, communityId: communityId, ledgerId: ledgerId, category: category,
            kind: kind, reporterIds: reporterIds, ownerUnitId: ownerUnitId, handlerId: handlerId)
    }

    /// The event that opened it.
    var opening: CaseEvent {
        .opened(
            CaseOpened(
                caseId: caseId, caseNumber: caseNumber, reportId: reportIds[0], communityId: communityId,
                ledgerId: ledgerId, category: category, kind: kind, reporterId: reporterIds[0],
                ownerUnitId: ownerUnitId, handlerId: handlerId, location: location, submittedAt: submittedAt,
                openedAt: openedAt, routing: "rule R1", flagged: flagged))
    }

    func step(
        _ step: CaseChanged.Step, by actor: PersonID = "desk", reason: String? = nil, agrees: Bool? = nil
    ) -> CaseEvent {
        .changed(
            CaseChanged(
                step: step, case: reference, at: PortalUnderTest.noon, actorId: actor, reason: reason, agrees: agrees))
    }
}

extension CaseState {
    func amended(_ amendment: Amendment, by actor: PersonID, text: String?) -> CaseEvent {
        .reportAmended(
            CaseReportAmended(
                case: reference, reportId: reportIds[0], actorId: actor, amendment: amendment, stage: stage,
                text: text, address: nil, photos: [CitySample.photo(1)], externalStatus: "FIXED",
                at: PortalUnderTest.noon))
    }

    func reclassified(from previous: CategoryCode, reason: String) -> CaseEvent {
        .reclassified(
            CaseReclassified(
                case: reference, previousCategory: previous, suggested: nil, at: PortalUnderTest.noon,
                actorId: "desk", reason: reason))
    }
}

extension PointsMoved {
    static func sample(_ step: Step, _ number: Int, to person: PersonID = "rider-1", points: Int = 10) -> PointsMoved {
        PointsMoved(
            step: step, transferId: TransferID("transfer-\(number)"), ledgerId: "gaoxin", points: points,
            causeEventId: MessageID(namespace: .suishoupai, name: "cause \(number)"),
            explanation: Explanation("规则「立案」", english: "Rule filed")
        ) {
            $0.personId = person
            $0.caseId = CaseID("case-\(number)")
            $0.caseNumber = "MD-\(number)"
            $0.ruleId = "filed"
        }
    }
}

extension AccountState {
    static func sample(
        _ kind: AccountKind, of person: PersonID? = "rider-1", in ledger: LedgerID = "gaoxin", version: Int = 1,
        _ balance: Int
    ) -> AccountState {
        AccountState(
            accountId: AccountID("\(kind.rawValue):\(ledger):\(person?.rawValue ?? "")"), version: version,
            ledgerId: ledger, kind: kind, personId: person, balance: balance)
    }
}

extension InboxMessageState {
    static func sample(
        _ id: InboxMessageID, version: Int = 1, to person: PersonID = "rider-1",
        writtenAt: Timestamp = PortalUnderTest.noon, readAt: Timestamp? = nil
    ) -> InboxMessageState {
        InboxMessageState(
            messageId: id, version: version, recipientId: person, title: "已立案", body: "您的上报已立案",
            aboutEventId: MessageID(namespace: .suishoupai, name: "about \(id)"), aboutType: "case.filed",
            caseId: "case-1", points: nil, writtenAt: writtenAt, readAt: readAt)
    }
}

extension Timestamp {
    static func minutes(_ count: Int64) -> Timestamp { PortalUnderTest.noon.adding(milliseconds: count * 60_000) }
}

extension Pack {
    /// A town of one square community and one unit.
    static func town(
        title: String = "样例", version: Int = 1, community: String = "名都", category: String = "暴露垃圾",
        points: PackPoints? = nil, care: [PackCareItem]? = nil
    ) -> Pack {
        Pack(
            name: "town", title: title, version: version,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [
                PackCommunity(
                    id: CitySample.mingdu, name: community, ledgerId: "gaoxin", caseNumberPrefix: "MD",
                    outline: [[[286_800_000, 1_158_500_000, 100_000, 0, 0, 100_000, -100_000, 0]]])
            ],
            units: [PackUnit(id: CitySample.property, name: "名都物业")],
            people: [PackPerson(id: "worker-a", roles: ["worker"], unitId: CitySample.property, communityIds: [])],
            categories: [
                PackCategory(
                    code: CitySample.garbage, name: category, englishName: "Garbage", kind: .snapshot,
                    filingLimit: "2w", handlingLimit: "4w", keywords: [], gbCode: nil, gbVerified: false)
            ],
            routingRules: [], pointRules: [], templates: [],
            webhooks: [PackWebhook(unitId: CitySample.property, url: "https://hook.example/secret", events: [])],
            mergeDistance: 5_000, points: points,
            grids: [
                PackGrid(
                    id: "mingdu-01", name: "一网格", communityId: CitySample.mingdu, workerId: "worker-a", outline: [])
            ], care: care)
    }
}
