import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

/// Who may do what with a case of rider-1 that worker-a handles for the property company.
private let rights: [CaseAction: Set<PersonID>] = [
    .file: ["desk", "boss"],
    .refuse: ["desk", "boss"],
    .dispatch: ["desk", "boss"],
    .transfer: ["desk", "boss"],
    .return: ["worker-a", "worker-b", "worker-c", "boss"],
    .handle: ["worker-a", "worker-b", "worker-c", "boss"],
    .verify: ["checker", "boss"],
    .reopen: ["rider-1", "desk", "boss"],
    .reclassify: ["desk", "boss"],
    .check: ["desk", "checker", "worker-a", "worker-b", "worker-c", "sweeper", "boss"],
    .accept: ["worker-a", "worker-b", "worker-c", "boss"],
    .askExtension: ["worker-a", "worker-b", "worker-c", "boss"],
    .decideExtension: ["desk", "boss"],
    .askReporter: ["worker-a", "worker-b", "worker-c", "desk", "boss"],
    .reply: ["rider-1", "desk", "boss"],
    .park: ["desk", "boss"],
    .resume: ["desk", "boss"],
    .refer: ["desk", "boss"],
    .cancel: ["desk", "boss"],
    .handOver: ["desk", "boss"],
    .rate: ["rider-1"],
    .whistle: ["desk", "boss"],
    .checkIn: ["sweeper", "boss"],
    .addCoOwner: ["desk", "boss"],
    .coHandle: ["sweeper", "boss"],
]

private let everybody = [
    CitySample.desk, CitySample.checker, CitySample.boss, CitySample.actor("worker-a", "worker"),
    CitySample.actor("worker-b", "worker"), CitySample.actor("worker-c", "worker"),
    CitySample.actor("sweeper", "worker"), CitySample.actor("rider-1", "rider"), CitySample.actor("rider-2", "rider"),
]

@Test(arguments: rights.keys.sorted { $0.rawValue < $1.rawValue }, everybody)
func `an action is for those whose it is, and for nobody else`(action: CaseAction, actor: Actor) throws {
    let stage: CaseStage =
        switch action {
        case .file, .reclassify, .check: .opened
        case .dispatch: .filed
        case .refuse, .return, .handle, .transfer: .dispatched
        case .verify: .handled
        case .reopen, .rate: .closed
        case .reply: .waiting
        case .resume: .parked
        default: .dispatched
        }
    var found = try Sample.prepared(stage, for: action)
    if action == .decideExtension {
        found = try Sample.decided(Sample.act(.askExtension, by: Sample.worker), on: found).case
    }

    let refusal = try Sample.refused(Sample.act(action, by: actor), on: found)

    #expect(refusal?.code == (rights[action, default: []].contains(actor.personId) ? nil : .notAllowed))
}

@Test(arguments: ["worker-a", "rider-1", "rider-2"] as [PersonID], ["verifier", "admin"])
func `nobody checks what they reported or handled, whatever their role`(person: PersonID, role: String) throws {
    let second = Sample.arriving(CitySample.report("report-2", from: "rider-2"))
    let found = try Sample.case(.handled).join(second, distance: 0).case

    let refusal = try Sample.refused(Sample.act(.verify, by: CitySample.actor(person, role)), on: found)

    #expect(refusal?.code == .notAllowed)
}

@Test func `who handled in the handler's place does not check it either`() throws {
    let colleague = CitySample.actor("worker-b", "worker", "verifier")
    let found = try Sample.decided(Sample.act(.handle, by: colleague), on: Sample.case(.dispatched)).case

    #expect(try Sample.refused(Sample.act(.verify, by: colleague), on: found)?.code == .notAllowed)
    #expect(try Sample.refused(Sample.act(.verify, by: CitySample.checker), on: found) == nil)
}

@Test(arguments: [CaseAction.accept, .askExtension])
func `who took the case on or asked for more time had a hand in it`(action: CaseAction) throws {
    let colleague = CitySample.actor("worker-b", "worker", "verifier")
    let touched = try Sample.decided(Sample.act(action, by: colleague), on: Sample.case(.dispatched)).case
    let handled = try Sample.decided(Sample.act(.handle, by: Sample.worker), on: touched).case

    #expect(try Sample.refused(Sample.act(.verify, by: colleague), on: handled)?.code == .notAllowed)
    #expect(try Sample.refused(Sample.act(.verify, by: CitySample.checker), on: handled) == nil)
}

@Test func `who did a part of the work does not check the whole`() throws {
    let colleague = CitySample.actor("sweeper", "worker", "verifier")
    let part = Sample.asking(CitySample.sanitation, limit: "2e")
    let handled = try [
        Sample.act(.addCoOwner, details: part), Sample.act(.coHandle, by: colleague, details: part),
        Sample.act(.handle, by: Sample.worker),
    ].reduce(Sample.case(.dispatched)) { try Sample.decided($1, on: $0).case }

    #expect(try Sample.refused(Sample.act(.verify, by: colleague), on: handled)?.code == .notAllowed)
    #expect(try Sample.refused(Sample.act(.verify, by: CitySample.checker), on: handled) == nil)
}

@Test func `who worked on a case that was merged does not check the one that it went into`() throws {
    let colleague = CitySample.actor("worker-b", "worker", "verifier")
    let accepted = try Sample.decided(Sample.act(.accept, by: colleague), on: Sample.case(.dispatched)).case
    let merge = Sample.act(.merge, details: StepDetails { $0.otherCaseId = Sample.other })
    let target = try #require(try Sample.decided(merge, on: accepted).others.first).case
    let handled = try [CaseAction.file, .dispatch, .handle].reduce(target) { found, action in
        let act = ActOnCase(
            caseId: found.id, communityId: found.communityId, action: action, actor: CitySample.boss, reason: "现场")
        return try Sample.decided(act, on: found).case
    }
    func refusal(_ actor: Actor) throws -> CaseRefusal.Code? {
        let act = ActOnCase(
            caseId: handled.id, communityId: handled.communityId, action: .verify, actor: actor, reason: "现场",
            agrees: true)
        return try Sample.refused(act, on: handled)?.code
    }

    #expect(try refusal(colleague) == .notAllowed)
    // Whoever was to handle the other one as well.
    #expect(try refusal(CitySample.actor("worker-a", "verifier")) == .notAllowed)
    #expect(try refusal(CitySample.checker) == nil)
}

@Test func `who did it badly does not check how somebody else did it again`() throws {
    let colleague = CitySample.actor("worker-b", "worker", "verifier")
    let again = try [
        Sample.act(.handle, by: colleague), Sample.act(.verify, by: CitySample.checker, agrees: false),
        Sample.act(.handle, by: Sample.worker),
    ].reduce(Sample.case(.dispatched)) { try Sample.decided($1, on: $0).case }

    #expect(try Sample.refused(Sample.act(.verify, by: colleague), on: again)?.code == .notAllowed)
}

@Test func `more time is not granted by who asked for it`() throws {
    let both = CitySample.actor("worker-a", "worker", "dispatcher")
    let asked = try Sample.decided(Sample.act(.askExtension, by: both), on: Sample.case(.dispatched)).case

    #expect(try Sample.refused(Sample.act(.decideExtension, by: both), on: asked)?.code == .notAllowed)
    #expect(try Sample.refused(Sample.act(.decideExtension, by: CitySample.desk), on: asked) == nil)
}
