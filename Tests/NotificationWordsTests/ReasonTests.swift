import Contracts
import Testing

@testable import NotificationWords

private func text(_ words: String, _ language: NotificationLanguage, written: Bool) -> String {
    Reason(words: words, isWritten: written).text(in: language, .quoted)
}

@Test(arguments: [
    ("挂账到期 / the date of the plan has come", "挂账到期", "the date of the plan has come"),
    ("1 / 2 办结 / 1 / 2 done", "1 / 2 办结", "1 / 2 done"), ("办结", "办结", "“办结”"),
    ("垃圾 / 污水", "垃圾 / 污水", "“垃圾 / 污水”"), ("done / 办结", "done / 办结", "“done / 办结”"),
    ("办结 / ", "办结 / ", "“办结 / ”"), ("", "", "“”"), ("/", "/", "“/”"),
])
func `what a program says is said in the reader's language, where it has both`(
    words: String, chinese: String, english: String
) {
    #expect(text(words, .chinese, written: false) == chinese)
    #expect(text(words, .english, written: false) == english)
}

@Test func `what somebody wrote is never cut, and stands between quotation marks in an English text`() {
    let words = "垃圾太多 / too much rubbish"
    #expect(text(words, .chinese, written: true) == words)
    #expect(text(words, .english, written: true) == "“\(words)”")
    #expect(Reason(words: words, isWritten: false).text(in: .english, .asRecorded) == words)
}

@Test func `a step that the clock took has its reason in the text's language, one of a person's in their own`() {
    func facts(_ actor: PersonID?, _ language: NotificationLanguage) -> String? {
        let reference = CaseReference(
            caseId: "case-1", caseNumber: "GX-1", communityId: "mingdu", ledgerId: "nanchang", category: "E0102",
            kind: .snapshot, reporterIds: ["rider-1"], ownerUnitId: nil, handlerId: nil)
        let event = CaseChanged(
            step: .resumed, case: reference, at: Timestamp(milliseconds: 0), actorId: actor, reason: "到期 / it is due")
        let pack = Pack(
            name: "p", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [], units: [], people: [], categories: [], routingRules: [], pointRules: [], templates: [],
            webhooks: [], mergeDistance: 3_000)
        return Facts(.aboutCase(.changed(event)), pack: pack, language: language).values["reason"]
    }
    #expect(facts(nil, .chinese) == "到期" && facts(nil, .english) == "it is due")
    #expect(facts("boss", .chinese) == "到期 / it is due" && facts("boss", .english) == "“到期 / it is due”")
}
