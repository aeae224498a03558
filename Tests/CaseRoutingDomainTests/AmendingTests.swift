import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let report = CitySample.report(
    photos: [CitySample.photo(1), CitySample.photo(2)], voiceNotes: [CitySample.voice(1)])
private let neighbour = CitySample.report(
    "report-2", from: "rider-2", saying: "又一堆", photos: [CitySample.photo(2)],
    voiceNotes: [CitySample.voice(2), CitySample.voice(1)])

/// The case of `report`, which `neighbour` joined.
private func shared() throws -> Case {
    try Sample.opening(Sample.arriving(report)).case.join(Sample.arriving(neighbour), distance: 0).case
}

private func amend(
    _ found: Case, _ amendment: ReportAmended, of report: ReportSubmitted = report, hop: Int = 0
) throws -> AmendmentAnswer {
    try answer(
        amendment, of: RegisteredReport(report: report, hop: hop), in: found, at: CitySample.monday, by: Sample.table,
        reading: { $0.reportId == report.reportId ? report : neighbour })
}

extension AmendmentAnswer {
    fileprivate var refusal: CaseRefusal? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal
    }

    fileprivate func decided() throws -> (case: Case, events: [CaseEvent], change: ReportChange) {
        guard case .decided(let decision, let change) = self else { throw Undecided(answer: self) }
        return (decision.case, decision.events, change)
    }
}

private struct Undecided: Error {
    let answer: AmendmentAnswer
}

@Test func `a case whose only report is taken back is cancelled, and nobody is busy with it`() throws {
    let opened = try Sample.opening(Sample.arriving(report)).case

    let (found, events, change) = try amend(opened, CitySample.amendment(.withdrawn, text: "已清走")).decided()

    #expect(change == .withdrawn)
    #expect(found.stage == .cancelled(proposed: Sample.owner))
    #expect(found.version == 2)
    #expect(!found.isOpen && !found.takesReports && found.watchedDeadline == nil)
    let state = found.state
    #expect(state.reportIds.isEmpty && state.reporterIds.isEmpty && state.photos == nil && state.voiceNotes == nil)
    #expect(state.stage == .cancelled && state.ended)
    #expect(
        events == [
            .reportAmended(
                CaseReportAmended(
                    case: found.reference, reportId: "report-1", actorId: "rider-1", amendment: .withdrawn,
                    stage: .opened, text: "已清走", address: nil, photos: nil, externalStatus: nil,
                    at: CitySample.monday)),
            .changed(
                CaseChanged(
                    step: .cancelled, case: found.reference, at: CitySample.monday, actorId: "rider-1", reason: "已清走")),
        ])
}

@Test func `where the first report is taken back the next one's words become the case's`() throws {
    let (found, events, _) = try amend(try shared(), CitySample.amendment(.withdrawn)).decided()

    #expect(events.map(\.messageType) == ["case.report-amended"])
    #expect(found.isOpen)
    #expect(found.description == "又一堆")
    #expect(found.reports.map(\.reportId) == ["report-2"])
    #expect(found.reference.reporterIds == ["rider-2"])
    // The photo that both have stays, and what the other one said.
    #expect(found.state.photos == [CitySample.photo(2).id])
    #expect(found.state.voiceNotes == [CitySample.voice(2), CitySample.voice(1)])
}

@Test func `what was spoken travels with a case, each once, and is read back as it was written`() throws {
    let both = try shared()

    #expect(both.state.voiceNotes == [CitySample.voice(1), CitySample.voice(2)])
    for part in both.reports { #expect(try Case.Contribution(codedText: part.codedText, at: []) == part) }
    #expect(throws: DecodingError.self) { try Case.Contribution(codedText: "0\treport-1\trider-1\t7", at: []) }
    #expect(throws: DecodingError.self) { try Case.Contribution(codedText: "0\treport-1\trider-1\tlong\tid", at: []) }
}

@Test func `where a later report is taken back the case keeps its words`() throws {
    let withdrawal = CitySample.amendment(.withdrawn, of: neighbour)

    let (found, _, _) = try amend(try shared(), withdrawal, of: neighbour).decided()

    #expect(found.description == report.description)
    #expect(found.state.photos == report.photos?.map(\.id))
    #expect(found.state.voiceNotes == [CitySample.voice(1)])
    #expect(try amend(found, withdrawal, of: neighbour).refusal?.code == .withdrawnBefore)
}

@Test func `a report is taken back only while nobody has judged its case`() throws {
    for stage in CaseStage.allCases where ![.opened, .cancelled, .transferred].contains(stage) {
        let refusal = try amend(Sample.case(stage), CitySample.amendment(.withdrawn)).refusal
        #expect(refusal?.code == .wrongStage, "\(stage)")
        #expect(refusal?.reason.contains(stage.chinese) == true)
        #expect(refusal?.reason.contains("Add information instead") == stage.isOpen)
        #expect(refusal?.reason.contains("可以补充情况") == stage.isOpen)
    }
    #expect(try amend(try Sample.case(.cancelled), CitySample.amendment(.withdrawn)).refusal?.code == .withdrawnBefore)
}

@Test(arguments: CaseStage.allCases, [Amendment.added, .edited])
func `a report is added to and changed as long as its case is open`(stage: CaseStage, kind: Amendment) throws {
    let answer = try amend(Sample.case(stage), CitySample.amendment(kind))

    switch stage {
    case .transferred: #expect(answer == .handedOn(to: CitySample.longjiang))
    case .cancelled: #expect(answer.refusal?.code == .withdrawnBefore)
    case .closed, .refused, .merged: #expect(answer.refusal?.code == .wrongStage)
    case .opened, .filed, .dispatched, .handled, .parked, .waiting, .referred:
        let (found, events, _) = try answer.decided()
        let isAnswer = stage == .waiting && kind == .added
        let answered = isAnswer ? ["case.report-amended", "case.information-given"] : ["case.report-amended"]
        #expect(events.map(\.messageType) == answered)
        #expect(found.stage.name == (isAnswer ? .dispatched : stage))
        guard case .reportAmended(let event)? = events.first else { return }
        #expect(event.stage == stage && event.amendment == kind && event.case == found.reference)
    }
}

@Test(arguments: Amendment.allCases)
func `a report is its reporter's and its platform's, and nobody else's`(kind: Amendment) throws {
    for (actor, mayAmend) in [("rider-1", true), ("app", true), ("rider-2", false), ("boss", false)] {
        let refusal = try amend(shared(), CitySample.amendment(kind, by: PersonID(actor))).refusal
        #expect(refusal?.code == (mayAmend ? nil : .notAllowed), "\(actor)")
    }
}

@Test(arguments: [(-1, true), (600_000, true), (600_001, false)] as [(Int64, Bool)])
func `a report can be changed for ten minutes, by intake's clock`(after: Int64, isInTime: Bool) throws {
    let refusal = try amend(shared(), CitySample.amendment(.edited, after: after)).refusal

    #expect(refusal?.code == (isInTime ? nil : .editWindowOver))
    if !isInTime { #expect(refusal?.reason.contains("可以补充情况") == true) }
}

@Test func `an edit of the first report changes the case's words, and the report for wherever it goes`() throws {
    let edit = CitySample.amendment(
        .edited, text: "两堆垃圾", address: "4 栋", photos: [CitySample.photo(3), CitySample.photo(1)])

    let (found, _, change) = try amend(try shared(), edit).decided()

    #expect(found.description == "两堆垃圾")
    #expect(found.address == "4 栋")
    #expect(found.version == 3)
    // Photo 2 is the neighbour's, too; photo 3 came last.
    #expect(found.state.photos == [1, 2, 3].map { CitySample.photo($0).id })
    guard case .edited(let edited) = change else { throw Undecided(answer: .refused(.unknownReport("report-1"))) }
    #expect(edited.description == "两堆垃圾" && edited.address == "4 栋")
    #expect(edited.photos == edit.photos)
    #expect(edited.category == report.category && edited.submittedAt == report.submittedAt)
}

@Test func `an edit of a later report leaves the case's words, and what it does not name stays`() throws {
    let edit = CitySample.amendment(.edited, of: neighbour, text: "一大堆")

    let (found, _, change) = try amend(try shared(), edit, of: neighbour).decided()

    #expect(found.description == report.description)
    #expect(found.state.photos == report.photos?.map(\.id))
    guard case .edited(let edited) = change else { throw Undecided(answer: .refused(.unknownReport("report-2"))) }
    #expect(
        edited
            == CitySample.report(
                "report-2", from: "rider-2", saying: "一大堆", photos: [CitySample.photo(2)],
                voiceNotes: neighbour.voiceNotes))
}

@Test func `an edit without photos takes those of the report away, also those that were added to it`() throws {
    let added = try amend(try shared(), CitySample.amendment(.added, photos: [CitySample.photo(9)])).decided().case
    #expect(added.state.photos == [1, 2, 9].map { CitySample.photo($0).id })

    let (found, _, change) = try amend(added, CitySample.amendment(.edited, text: nil, photos: [])).decided()

    #expect(found.state.photos == [CitySample.photo(2).id])
    #expect(found.description == report.description)
    #expect(change == .edited(CitySample.report(voiceNotes: report.voiceNotes)))
}

@Test func `what is added brings its photos, none twice and at most so many, and changes nothing else`() throws {
    var found = try shared()
    let before = found
    for batch in 0..<6 {
        let photos = (0..<6).map { CitySample.photo(batch * 5 + $0) }
        let addition = CitySample.amendment(.added, text: nil, photos: photos, externalStatus: "FIXED")
        let (next, events, change) = try amend(found, addition).decided()
        #expect(change == .none)
        guard case .reportAmended(let event)? = events.first else { continue }
        #expect(event.photos == photos && event.externalStatus == "FIXED" && event.text == nil)
        found = next
    }

    let photos = try #require(found.state.photos)
    #expect(photos == ([1, 2, 0] + (3...23)).map { CitySample.photo($0).id })
    #expect(photos.count == Case.mostPhotos)
    #expect(found.description == before.description && found.stage == before.stage && found.reports == before.reports)
    #expect(found.version == before.version + 6)
}

@Test func `what says nothing is refused, and says what to do`() throws {
    let empty = CitySample.amendment(.added, text: nil)
    let emptyEdit = CitySample.amendment(.edited, text: nil, externalStatus: "FIXED")

    for amendment in [empty, CitySample.amendment(.added, text: nil, photos: []), emptyEdit] {
        #expect(try amend(try shared(), amendment).refusal?.code == .nothingChanges)
    }
    _ = try amend(try shared(), CitySample.amendment(.added, text: nil, externalStatus: "FIXED")).decided()
}

@Test func `a case takes so many amendments and no more, but a report can be taken back all the same`() throws {
    var found = try shared()
    for number in 0..<Case.mostAmendments {
        found = try amend(found, CitySample.amendment(number % 2 == 0 ? .added : .edited)).decided().case
    }

    #expect(try amend(found, CitySample.amendment(.added)).refusal?.code == .tooManyAmendments)
    #expect(try amend(found, CitySample.amendment(.edited)).refusal?.code == .tooManyAmendments)
    #expect(try amend(found, CitySample.amendment(.withdrawn)).decided().change == .withdrawn)
}

@Test func `a report that came back to a community is another part than when it left`() throws {
    let back = try Sample.opening(Sample.arriving(report, hop: 2)).case

    #expect(try amend(back, CitySample.amendment(.added), hop: 0).refusal?.code == .withdrawnBefore)
    _ = try amend(back, CitySample.amendment(.added), hop: 2).decided()
}

@Test func `photos and amendments survive the store, and a case without them is kept as before there were any`() throws
{
    let found = try amend(try shared(), CitySample.amendment(.added)).decided().case
    #expect(try ContractCoding.decode(Case.self, from: ContractCoding.encode(found)) == found)

    let text = try ContractCoding.text(try Sample.opening(Sample.arriving(CitySample.report())).case)
    #expect(!text.contains("photos") && !text.contains("amendments"))
}
