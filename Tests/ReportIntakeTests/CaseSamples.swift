import Contracts

@testable import ReportIntake

extension Pack {
    /// The town, with something to report and somebody to mend it.
    static let offering = Pack(
        name: "town", title: "Town", version: 1, calendar: Pack.town.calendar, communities: Pack.town.communities,
        units: [PackUnit(id: "property", name: "名都物业")], people: [],
        categories: [
            category("E0102", "暴露垃圾", "Exposed garbage", .snapshot, ["垃圾", "生活垃圾"]),
            category("P0101", "井盖破损", "Broken manhole cover", .snapshot, []),
            category("D0103", "一般诉求", "Ordinary request", .request, ["投诉"]),
        ], routingRules: [], pointRules: [], templates: [], webhooks: [], mergeDistance: 3_000)

    private static func category(
        _ code: CategoryCode, _ name: String, _ englishName: String, _ kind: ReportKind, _ keywords: [String]
    ) -> PackCategory {
        PackCategory(
            code: code, name: name, englishName: englishName, kind: kind, filingLimit: "1w", handlingLimit: "4w",
            keywords: keywords, gbCode: nil, gbVerified: false)
    }
}

extension CaseState {
    static let spot = Location(latitudeE7: 286_829_123, longitudeE7: 1_158_551_456)

    /// A case that was opened at noon.
    ///
    /// - Parameters:
    ///   - changed: the version that brought it to its stage; this one, where nothing is said.
    ///   - changedAt: and when that was.
    static func sample(
        _ id: CaseID = "case-1", version: Int = 1, category: CategoryCode = "E0102", kind: ReportKind = .snapshot,
        stage: CaseStage = .opened, description: String = "楼下垃圾 <堆积> & 挡路", address: String? = "3 栋东侧",
        location: Location = spot, reports: [ReportID] = ["report-1"], unit: UnitID? = nil,
        submittedAt: Timestamp = IntakeUnderTest.noon, openedAt: Timestamp = IntakeUnderTest.noon,
        deadline: Timestamp? = nil, closedAt: Timestamp? = nil, photos: [PhotoID]? = nil,
        course: CaseCourse? = nil, changed: Int? = nil, changedAt: Timestamp = IntakeUnderTest.noon
    ) -> CaseState {
        CaseState(
            caseId: id, version: version, caseNumber: "MD-\(id)", communityId: "mingdu", ledgerId: "town", kind: kind,
            category: category, stage: stage, description: description, address: address, location: location,
            reportIds: reports, reporterIds: ["rider-7"], ownerUnitId: unit, handlerId: nil, submittedAt: submittedAt,
            openedAt: openedAt, deadline: deadline, isOverdue: false, closedAt: closedAt, reworks: 0, returns: 0,
            reopens: 0, flagged: nil, ended: !stage.isOpen, photos: photos, course: course,
            stageChange: stage == .opened ? nil : StageChange(version: changed ?? version, at: changedAt))
    }
}

extension IntakeUnderTest {
    /// Lets intake read states of cases, as if they had come from their topic.
    func read(_ states: [CaseState], at moment: Timestamp = noon) async throws {
        try await read(states as [any Payload], into: CaseStates(), at: moment)
    }
}

extension Timestamp {
    func later(minutes: Int64 = 0, days: Int64 = 0) -> Timestamp {
        adding(milliseconds: minutes * 60_000 + days * 86_400_000)
    }
}
