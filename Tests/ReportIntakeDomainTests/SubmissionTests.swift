import Contracts
import Geography
import ReportIntakeDomain
import Testing

private let noon = Timestamp(milliseconds: 1_790_000_000_000)
private let drawn = MessageID.random()

@Test func `a report without a name gets the id that was drawn`() throws {
    let form = try ReportForm.sample()

    let submission = Submission(
        form, from: .rider, key: nil, guidance: .none, at: noon, unnamed: drawn, people: .sample)

    #expect(submission.id == drawn)
    #expect(submission.names.isEmpty)
    #expect(
        submission.event
            == ReportSubmitted(
                reportId: ReportID(drawn.description), communityId: .unassigned, kind: .snapshot, category: "E0102",
                description: "Rubbish beside the bin", location: form.location, address: nil, observedAt: nil,
                submittedAt: noon, reporterId: "rider-7", channel: nil))
    #expect(submission.senderId == "rider-7")
}

@Test func `the same key of the same sender gives the same id everywhere`() throws {
    let form = try ReportForm.sample()
    func id(_ sender: Sender, _ key: String) -> MessageID {
        Submission(form, from: sender, key: key, guidance: .none, at: noon, unnamed: .random(), people: .sample).id
    }

    #expect(id(.rider, "k-1") == id(.rider, "k-1"))
    #expect(id(.rider, "k-1") != id(.rider, "k-2"))
    #expect(id(.rider, "k-1") != id(.platform, "k-1"))
    // Fixed for ever: a replica of another version must agree, and so must a retry after an upgrade.
    #expect(id(.rider, "k-1").description == "c1072e4b-46cd-54a5-bad3-d4ab193a6fde")
}

@Test func `a platform's own id counts before its key`() throws {
    let form = try ReportForm.sample(externalId: "order-9", reporterId: "rider-7")

    let first = Submission(
        form, from: .platform, key: "k-1", guidance: .none, at: noon, unnamed: drawn, people: .sample)
    let second = Submission(
        form, from: .platform, key: "k-2", guidance: .none, at: noon, unnamed: drawn, people: .sample)

    #expect(first.id == second.id)
    #expect(first.names.count == 2)
    #expect(first.event.reporterId == "rider-7")
    #expect(first.event.channel == "platform-a")
    #expect(first.senderId == "platform-a")
}

@Test func `a key and an external id of the same letters are two names`() throws {
    let external = try ExternalID("a")

    #expect(ReportName(key: "a", of: "p") != ReportName(externalId: external, of: "p"))
}

@Test func `the event tells of voice notes, where there are some`() throws {
    func event(_ notes: [VoiceNote]) throws -> ReportSubmitted {
        Submission(
            try .sample(), from: .rider, key: nil, guidance: .none, voiceNotes: notes, at: noon, unnamed: drawn,
            people: .sample
        ).event
    }
    let note = VoiceNote(id: "5b21", seconds: 12)

    #expect(try event([note]).voiceNotes == [note])
    #expect(try event([]).voiceNotes == nil)
}

@Test func `what leaves the office is masked and what stays is not`() throws {
    let form = try ReportForm.sample(description: "Call 13812345678")

    let submission = Submission(
        form, from: .rider, key: nil, guidance: .none, at: noon, unnamed: drawn, people: .sample)

    #expect(submission.description == "Call 13812345678")
    #expect(submission.event.description == "Call ***********")
}

@Test(
    arguments: [
        (nil, "生活垃圾没人管", SuggestedCategory(category: "E0102", words: ["生活垃圾"], sureness: 80)),
        (nil, "井盖旁边有垃圾", nil), (nil, "看不懂", nil), ("P0101", "生活垃圾没人管", nil),
    ] as [(CategoryCode?, String, SuggestedCategory?)])
func `a category is suggested where none was chosen and the words are sure, never filled in`(
    chosen: CategoryCode?, text: String, expected: SuggestedCategory?
) throws {
    let form = try ReportForm.sample(description: text, category: chosen)

    let event = Submission(
        form, from: .rider, key: nil, guidance: try Guidance(of: .advising), at: noon, unnamed: drawn,
        people: .sample
    ).event

    #expect(event.category == chosen)
    #expect(event.suggestedCategory == expected)
}

@Test(arguments: [nil, Datum.wgs84, .gcj02]) func `the datum that the app named goes with the place`(
    datum: Datum?
) throws {
    let form = try ReportForm.sample(datum: datum)

    let event = Submission(form, from: .rider, key: nil, guidance: .none, at: noon, unnamed: drawn, people: .sample)
        .event

    #expect(event.datum == datum?.rawValue)
}

@Test func `a report under a free name is new`() {
    #expect(Repetition(fingerprint: "x", known: []) == .new)
}

@Test func `the same words under the same name are the same report`() {
    let record = Repetition.Record(report: drawn, fingerprint: "x")

    #expect(Repetition(fingerprint: "x", known: [record]) == .same(report: drawn))
    #expect(Repetition(fingerprint: "x", known: [record, record]) == .same(report: drawn))
}

@Test func `other words under a name that is taken are a conflict`() {
    let record = Repetition.Record(report: drawn, fingerprint: "x")
    let other = Repetition.Record(report: .random(), fingerprint: "x")

    #expect(Repetition(fingerprint: "y", known: [record]) == .conflict)
    #expect(Repetition(fingerprint: "x", known: [record, other]) == .conflict)
}
