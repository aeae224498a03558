import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// What is possible where, written down once more, independent of the rules' own table.
private let possible: [CaseStage: Set<CaseAction>] = [
    .opened: [.file, .refuse, .transfer, .reclassify],
    .filed: [.dispatch, .refuse, .transfer, .reclassify],
    .dispatched: [
        .handle, .return, .dispatch, .refuse, .transfer, .whistle, .checkIn, .addCoOwner, .coHandle,
    ],
    .handled: [.verify, .transfer],
    .closed: [.reopen],
    .refused: [],
    .transferred: [],
    .cancelled: [],
]

@Test(arguments: CaseStage.allCases, CaseAction.allCases)
func `exactly the possible actions succeed, others are refused with what is possible`(
    stage: CaseStage, action: CaseAction
) throws {
    let found = try Sample.prepared(stage, for: action)
    // Another unit, since dispatching to the same owner again would change nothing.
    let act = Sample.act(action, unitId: CitySample.sanitation, details: Sample.details)

    let refusal = try Sample.refused(act, on: found)

    if possible[stage, default: []].contains(action) {
        #expect(refusal == nil)
    } else {
        #expect(refusal?.code == .wrongStage)
        #expect(refusal.map { Set($0.allowed) } == possible[stage])
        #expect(refusal?.reason.contains(stage.chinese) == true)
        #expect(refusal?.reason.contains("The case is \(stage.rawValue)") == true)
        for allowed in possible[stage, default: []] {
            #expect(refusal?.reason.contains(allowed.chinese) == true)
            #expect(refusal?.reason.contains(allowed.rawValue) == true)
        }
    }
}

@Test(arguments: CaseStage.allCases)
func `every stage survives the store`(stage: CaseStage) throws {
    let found = try Sample.case(stage)

    let copy = try ContractCoding.decode(Case.self, from: ContractCoding.encode(found))

    #expect(copy == found)
    #expect(found.stage.name == stage)
    #expect(found.state.ended == !stage.isOpen)
}

@Test(arguments: [CaseAction.refuse, .return, .reopen, .transfer, .reclassify])
func `an action that needs a reason is refused without one`(action: CaseAction) throws {
    let stage: CaseStage = action == .reopen ? .closed : action == .reclassify ? .filed : .dispatched
    let found = try Sample.case(stage)

    for empty in [nil, "", " \n\t"] {
        #expect(try Sample.refused(Sample.act(action, reason: empty), on: found)?.code == .reasonNeeded)
    }
}

@Test func `what comes too late is refused, whatever it asks for`() throws {
    let now = CitySample.monday
    let early = Sample.act(.file, notAfter: now.adding(milliseconds: -1))

    #expect(try Sample.refused(early, on: Sample.case(.opened))?.code == .tooLate)
    #expect(try Sample.refused(early, on: nil)?.code == .tooLate)
    #expect(try Sample.refused(Sample.act(.file, notAfter: now), on: Sample.case(.opened)) == nil)
}

@Test func `a case of another community is not found`() throws {
    let elsewhere = ActOnCase(
        caseId: Sample.caseId, communityId: CitySample.longjiang, action: .file, actor: CitySample.boss)

    #expect(try Sample.refused(elsewhere, on: Sample.case(.opened))?.code == .notFound)
    #expect(try Sample.refused(Sample.act(.file), on: nil)?.code == .notFound)
}
