import Contracts
import ReportIntakeDomain
import Testing

private let noon = Timestamp(milliseconds: 1_790_000_000_000)

private func submitted(
    _ identity: ReportIdentity, from sender: Sender = .rider, reporter: PersonID? = nil, key: String? = "k-1"
) throws -> Submission {
    var form = try ReportForm.sample(reporterId: reporter)
    form.identity = identity
    return Submission(
        form, from: sender, key: key, guidance: .none, at: noon, unnamed: .random(), people: .sample)
}

@Test func `a confidential reporter has one other name in all reports, an anonymous one a new name in each`() throws {
    #expect(try submitted(.pseudonymous).event.reporterId == "rider-7")
    #expect(try submitted(.pseudonymous).event.identity == nil)

    let confidential = try (submitted(.confidential, key: "k-1"), submitted(.confidential, key: "k-2"))
    #expect(confidential.0.event.reporterId == confidential.1.event.reporterId)
    #expect(confidential.0.event.reporterId == "conf:rider-7-hidden")
    #expect(confidential.0.event.identity == "confidential")
    #expect(!confidential.0.event.reporterId.isAnonymous)

    let anonymous = try (submitted(.anonymous, key: "k-1"), submitted(.anonymous, key: "k-2"))
    #expect(anonymous.0.event.reporterId != anonymous.1.event.reporterId)
    #expect(anonymous.0.event.reporterId.isAnonymous)
    #expect(anonymous.0.event.identity == "anonymous")
}

@Test(arguments: [ReportIdentity.confidential, .anonymous])
func `nothing that is kept of a hidden reporter's report names its sender`(identity: ReportIdentity) throws {
    let hidden = try submitted(identity)

    #expect(hidden.senderId == hidden.event.reporterId)
    #expect(hidden.event.channel == nil)
    // An id that followed from the sender's would betray them to whoever tries all riders.
    #expect(try hidden.id != submitted(.pseudonymous).id)
    #expect(try hidden.id == submitted(identity).id, "sent once more it is the same report")
}

@Test(arguments: [ReportIdentity.confidential, .anonymous])
func `a platform is named as the sender also of a hidden reporter`(identity: ReportIdentity) throws {
    let report = try submitted(identity, from: .platform, reporter: "rider-7")

    #expect(report.senderId == "platform-a")
    #expect(report.event.channel == "platform-a")
    #expect(report.event.reporterId != "rider-7")
}

@Test func `an edit says what changes, masked, and nothing else`() throws {
    let form = AmendmentForm(.edited, text: try Wording("打13812345678"), address: nil, photoIds: nil)

    let event = form.event(about: "r-1", in: "mingdu", by: "rider-7", photos: nil, at: noon)

    #expect(
        event
            == ReportAmended(
                reportId: "r-1", communityId: "mingdu", amendment: .edited, text: "打***********", address: nil,
                photos: nil, externalStatus: nil, actorId: "rider-7", submittedAt: noon))
    #expect(!form.isEmpty)
    #expect(AmendmentForm(.added).isEmpty)
    #expect(!AmendmentForm(.withdrawn).isEmpty)
}
