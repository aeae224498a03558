import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// What is possible where, written down once more, independent of the rules' own table.
private let possible: [CaseStage: Set<CaseAction>] = [
    .opened: [.file, .refuse, .transfer, .reclassify, .check, .cancel, .askReporter, .refer],
    .filed: [.dispatch, .refuse, .transfer, .reclassify, .cancel, .askReporter, .refer],
    .dispatched: [
        .handle, .return, .dispatch, .refuse, .transfer, .reclassify, .accept, .park, .askExtension, .askReporter,
        .handOver, .refer, .cancel, .whistle, .checkIn, .addCoOwner, .coHandle,
    ],
    .handled: [.verify, .transfer],
    .closed: [.rate, .reopen],
    .refused: [],
    .transferred: [],
    .cancelled: [],
    .parked: [.resume, .cancel, .transfer],
    .waiting: [.reply, .cancel, .transfer],
    .referred: [.resume, .cancel, .transfer],
    .merged: [],
]

/// What is possible as long as a case is open, if only there is another one to do it with.
private let ties: Set<CaseAction> = [.merge, .split, .keepApart, .adopt]

@Test(arguments: CaseStage.allCases, CaseAction.allCases)
func `exactly the possible actions succeed, others are refused with what is possible`(
    stage: CaseStage, action: CaseAction
) throws {
    let found = try Sample.prepared(stage, for: action)
    // Another unit, since dispatching to the same owner again would change nothing.
    let actor = action == .rate ? Sample.rider : CitySample.boss
    let act = Sample.act(action, by: actor, unitId: CitySample.sanitation)

    let refusal = try Sample.refused(act, on: found)

    guard !stage.isOpen || !ties.contains(action) else {
        #expect(refusal?.code != .wrongStage)
        return
    }
    // Where it was prepared for that.
    if possible[stage, default: []].contains(action) || (stage == .dispatched && action == .makeSafe) {
        #expect(refusal == nil)
    } else {
        #expect(refusal?.code == .wrongStage)
        #expect(refusal.map { Set($0.allowed) } == possible[stage]?.union(stage.isOpen ? ties : []))
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

@Test func `what was done or asked is not possible again, and what was asked can be decided`() throws {
    let found = try Sample.case(.dispatched)
    let accepted = try Sample.decided(Sample.act(.accept), on: found).case
    let asked = try Sample.decided(Sample.act(.askExtension), on: found).case
    let unlimited = try Sample.decided(
        Sample.act(.dispatch), on: Sample.case(.filed), in: Sample.circumstances(table: Sample.withoutLimits)
    ).case

    let usual = possible[.dispatched, default: []]
    #expect(Set(accepted.stage.possibleActions) == usual.subtracting([.accept]))
    #expect(Set(asked.stage.possibleActions) == usual.subtracting([.askExtension]).union([.decideExtension]))
    #expect(Set(unlimited.stage.possibleActions) == usual.subtracting([.askExtension]))
}

private let reasonNeeded: [(action: CaseAction, stage: CaseStage)] = [
    (.refuse, .dispatched), (.return, .dispatched), (.reopen, .closed), (.transfer, .dispatched),
    (.reclassify, .filed), (.park, .dispatched), (.resume, .parked), (.resume, .referred),
    (.askExtension, .dispatched), (.askReporter, .opened), (.reply, .waiting), (.cancel, .filed), (.refer, .opened),
]

@Test(arguments: reasonNeeded)
func `an action that needs a reason is refused without one`(action: CaseAction, stage: CaseStage) throws {
    let found = try Sample.case(stage)

    for empty in [nil, "", " \n\t"] {
        #expect(try Sample.refused(Sample.act(action, reason: empty), on: found)?.code == .reasonNeeded)
    }
}

@Test(arguments: [
    (CaseAction.park, CaseStage.dispatched), (.askExtension, .dispatched), (.handOver, .dispatched), (.rate, .closed),
])
func `an action that needs more than a reason says so`(action: CaseAction, stage: CaseStage) throws {
    let actor = action == .rate ? Sample.rider : CitySample.boss
    let found = try Sample.case(stage)

    for details in [nil, StepDetails()] {
        let refusal = try Sample.refused(Sample.act(action, by: actor, details: details), on: found)
        #expect(refusal?.code == .detailsNeeded)
        #expect(refusal?.allowed == [action])
    }
}

@Test(arguments: [(CaseAction.park, CaseStage.dispatched), (.askReporter, .opened), (.handOver, .dispatched)])
func `a moment that is to come must be to come`(action: CaseAction, stage: CaseStage) throws {
    let found = try Sample.case(stage)
    var details = Sample.details
    details.until = CitySample.monday

    #expect(try Sample.refused(Sample.act(action, details: details), on: found)?.code == .detailsNeeded)
    details.until = CitySample.monday.adding(milliseconds: 1)
    #expect(try Sample.refused(Sample.act(action, details: details), on: found) == nil)
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
