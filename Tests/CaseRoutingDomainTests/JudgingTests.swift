import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

@Test func `a look before filing is told, and the case waits for the dispatcher`() throws {
    var details = Sample.details
    details.photos = [CitySample.photo(1)]
    let decision = try Sample.decided(
        Sample.act(.check, by: CitySample.checker, reason: nil, details: details), on: Sample.case(.opened))

    #expect(decision.told == ["case.checked"])
    #expect(decision.case.stage == .opened(proposed: Sample.owner))
    guard case .changed(let change)? = decision.events.last else { return }
    #expect(change.agrees == true && change.actorId == "checker")
    #expect(change.details == StepDetails { $0.photos = [CitySample.photo(1)] })
    #expect(try Sample.refused(Sample.act(.file, reason: nil), on: decision.case) == nil)
}

@Test func `a look that found nothing needs a reason, and so does filing against it`() throws {
    let found = try Sample.case(.opened)
    #expect(try Sample.refused(Sample.act(.check, agrees: nil), on: found)?.code == .verdictNeeded)
    #expect(try Sample.refused(Sample.act(.check, reason: nil, agrees: false), on: found)?.code == .reasonNeeded)

    let checked = try Sample.decided(Sample.act(.check, agrees: false), on: found).case
    #expect(try Sample.refused(Sample.act(.file, reason: nil), on: checked)?.code == .reasonNeeded)
    #expect(try Sample.refused(Sample.act(.file), on: checked) == nil)
}

@Test(arguments: [CaseStage.opened, .filed, .dispatched, .parked, .waiting, .referred])
func `a dispatcher cancels a case, and its clock with it`(stage: CaseStage) throws {
    let decision = try Sample.decided(Sample.act(.cancel, by: CitySample.desk, reason: "演练"), on: Sample.case(stage))

    #expect(decision.told == ["case.cancelled"])
    #expect(decision.case.stage == .cancelled(proposed: Sample.owner))
    #expect(decision.case.alarms.isEmpty && decision.case.state.ended)
}
