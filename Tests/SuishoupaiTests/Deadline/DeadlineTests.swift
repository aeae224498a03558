import ArgumentParser
import Contracts
import Foundation
import PackFolder
import Testing
import WorkingTime

@testable import Suishoupai

private let nanchang = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "deploy/packs/nanchang")

private func explain(
    _ category: String, _ step: DeadlineStep = .handle, from: String, pauses: [String] = [], extensions: [String] = []
) throws -> DeadlineAnswer {
    let reading = PackFolder.read(nanchang)
    let pack = try #require(reading.pack)
    let question = try DeadlineQuestion(
        category: category, step: step, from: from, pauses: pauses, extensions: extensions, of: pack)
    return DeadlineAnswer(
        question, pack: pack, calendar: try #require(reading.calendar), holidays: reading.holidays)
}

@Test func `four working hours from the evening before National Day are told in both languages`() throws {
    let answer = try explain("E0102", from: "2026-09-30T17:20:00+08:00")

    #expect(
        answer.text == """
            类别 category  E0102 \(answer.categoryName) \(answer.categoryEnglishName)
            步骤 step      处置 handle, 4w
            起算 start     2026-09-30T17:20:00+08:00 周三 Wed

            时限 limit     4w: 工作时：即时起算，只计办公时间，恰在下班时用完的以下班为截止（民法典第201条）
                         working hours run from that very moment, and only while offices are open (Civil Code 201)
              2026-09-30 周三 Wed  17:20–18:00  +40m  余 left 3h20m
              2026-10-01 周四 Thu → 2026-10-07 周三 Wed  不计 does not count: 国庆节 National Day
              2026-10-08 周四 Thu  09:00–12:00  +3h  余 left 20m
              2026-10-08 周四 Thu  13:00–13:20  +20m  余 left 0

            截止 deadline  2026-10-08T13:20:00+08:00 周四 Thu
            """)
}

/// Each by hand, with the demo pack's calendar and limits.
@Test(arguments: [
    // A working Saturday behind a Friday evening: 40 min, 3 h, 20 min.
    ("E0102", DeadlineStep.handle, "2026-10-09T17:20:00+08:00", "2026-10-10T13:20:00+08:00"),
    ("E0102", .handle, "2024-09-27T17:20:00+08:00", "2024-09-29T13:20:00+08:00"),
    // 2e and 0.5e at two in the morning of a holiday.
    ("S0101", .handle, "2026-10-02T02:00:00+08:00", "2026-10-02T04:00:00+08:00"),
    ("S0101", .file, "2026-10-02T02:00:00+08:00", "2026-10-02T02:30:00+08:00"),
    // 2d from the last evening before National Day: Thursday the 8th, Friday the 9th.
    ("P0118", .handle, "2026-09-30T20:00:00+08:00", "2026-10-09T18:00:00+08:00"),
    // 7n count the holidays: the 30th is not counted, the seventh day is 7 October.
    ("D0103", .handle, "2026-09-30T20:00:00+08:00", "2026-10-07T23:59:59.999+08:00"),
    // Half a working hour from ten to noon's break: the pack's own for a filed case; a danger's is half an hour by the clock.
    ("E0102", .dispatch, "2026-11-23T11:50:00+08:00", "2026-11-23T13:20:00+08:00"),
    ("P0101", .dispatch, "2026-11-23T11:50:00+08:00", "2026-11-23T12:20:00+08:00"),
    // Four working hours from Friday 17:00: one, then three of Monday.
    ("E0102", .verify, "2026-11-20T17:00:00+08:00", "2026-11-23T12:00:00+08:00"),
    // A manhole is fenced off within the hour and has its cover within the day.
    ("P0101", .handle, "2026-11-23T02:00:00+08:00", "2026-11-23T03:00:00+08:00"),
    ("P0101", .repair, "2026-11-23T02:00:00+08:00", "2026-11-24T02:00:00+08:00"),
    // The moment is the same whatever offset it is told in.
    ("E0102", .handle, "2026-09-30T09:20:00Z", "2026-10-08T13:20:00+08:00"),
])
func `the demo pack's deadlines are the ones worked out by hand`(
    category: String, step: DeadlineStep, from: String, deadline: String
) throws {
    #expect(try explain(category, step, from: from).deadline == deadline)
}

@Test func `a pause while the reporter is asked is a line, and what remained runs on`() throws {
    // Friday 16:00–17:00 is 1 h of 4; Monday 09:00–12:00 the other 3 h.
    let pause = "2026-11-20T17:00:00+08:00/2026-11-22T20:00:00+08:00"
    let answer = try explain("E0102", from: "2026-11-20T16:00:00+08:00", pauses: [pause])

    #expect(answer.deadline == "2026-11-23T12:00:00+08:00")
    #expect(answer.text.contains("2026-11-20T17:00:00+08:00 → 2026-11-22T20:00:00+08:00  暂停 paused"))

    let lasting = try explain("E0102", from: "2026-11-20T16:00:00+08:00", pauses: ["2026-11-20T17:00:00+08:00/"])
    #expect(lasting.deadline == nil)
    #expect(lasting.text.contains("none while the clock is paused"))
}

@Test func `an extension approved after the breach counts from the missed deadline and says that it was missed`() throws
{
    // Due on Monday 14:00; 8 h from there are Tuesday 14:00.
    let answer = try explain(
        "E0102", from: "2026-11-23T09:00:00+08:00", extensions: ["8w@2026-11-24T10:00:00+08:00"])

    #expect(answer.grants.map(\.end) == ["2026-11-23T14:00:00+08:00", "2026-11-24T14:00:00+08:00"])
    #expect(answer.notes.count == 1)
    #expect(answer.text.contains("came after 2026-11-23T14:00:00+08:00 was missed"))
}

@Test func `another category counts from the same start`() throws {
    let from = "2026-11-20T17:20:00+08:00"
    #expect(try explain("E0102", from: from).deadline == "2026-11-23T13:20:00+08:00")
    #expect(try explain("S0101", from: from).deadline == "2026-11-20T19:20:00+08:00")
    #expect(try explain("P0118", from: from).deadline == "2026-11-24T18:00:00+08:00")
}

@Test func `a year without holidays is named where the limit counts working time`() throws {
    let from = "2026-12-30T17:20:00+08:00"
    #expect(try explain("P0118", from: from).notes.map(\.english).first?.contains("2027") == true)
    #expect(try explain("D0103", from: from).notes.isEmpty)
}

@Test(arguments: [
    (["--category", "E9999"], "--category E9999"), (["--from", "yesterday"], "--from: 'yesterday'"),
    (["--from", "2026-09-30T17:20:00"], "--from: '2026-09-30T17:20:00'"), (["--pause", "soon"], "--pause soon"),
    (["--pause", "2026-10-09T09:00:00+08:00/2026-10-08T09:00:00+08:00"], "ends before it begins"),
    (["--pause", "2026-09-01T09:00:00+08:00/"], "lies before --from"),
    (["--pause", "2026-10-08T09:00:00+08:00/", "--pause", "2026-10-09T09:00:00+08:00/"], "overlaps another"),
    (["--extend", "2d"], "--extend 2d"), (["--extend", "2x@2026-10-08T09:00:00+08:00"], "\"2x\" is not a time limit"),
    (["--step", "sleep"], "sleep"), (["--pack", "/nowhere/at/all"], "/nowhere/at/all"),
])
func `the program names the argument that it did not understand and leaves with 2`(
    _ changed: [String], _ says: String
) async throws {
    try #require(Program.isBuilt)
    var arguments = [
        "--pack": [nanchang.path], "--category": ["E0102"], "--step": ["handle"],
        "--from": ["2026-09-30T17:20:00+08:00"],
    ]
    for (name, value) in zip(changed, changed.dropFirst()) where name.hasPrefix("--") {
        arguments[name] = changed.count > 2 ? (arguments[name] ?? []) + [value] : [value]
    }
    let words = arguments.sorted { $0.key < $1.key }.flatMap { name, values in values.flatMap { [name, $0] } }
    let answer = try await Program.run(["deadline"] + words)

    #expect(answer.status == 2, "\(answer.output)")
    #expect(answer.output.contains(says), "\(answer.output)")
}

@Test func `the program prints JSON that adds up, and leaves with 1 for a pack with errors`() async throws {
    try #require(Program.isBuilt)
    let question = ["--category", "E0102", "--step", "handle", "--from", "2026-09-30T17:20:00+08:00", "--json"]
    let good = try await Program.run(["deadline", "--pack", nanchang.path] + question)

    #expect(good.status == 0)
    let document = try JSONDecoder().decode(Document.self, from: Data(good.output.utf8))
    #expect(document.deadline == "2026-10-08T13:20:00+08:00")
    let grant = try #require(document.grants.first)
    #expect(grant.amount == 4 * 3_600_000)
    #expect(grant.periods.reduce(0) { $0 + $1.counted } == grant.amount)
    #expect(grant.periods.filter { $0.reason == "holiday" }.map(\.festival) == Array(repeating: "国庆节", count: 7))

    let empty = FileManager.default.temporaryDirectory.appending(path: "empty-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    defer { do { try FileManager.default.removeItem(at: empty) } catch { Issue.record(error) } }
    let bad = try await Program.run(["deadline", "--pack", empty.path] + question)
    #expect(bad.status == 1)
    #expect(bad.output.contains("pack.yaml"))
}

private struct Document: Decodable {
    struct Grant: Decodable {
        struct Period: Decodable {
            let reason: String
            let festival: String?
            let counted: Int64
        }

        let amount: Int64
        let periods: [Period]
    }

    let deadline: String?
    let grants: [Grant]
}

@Test func `a category that is handled in one stage has no time of repair`() throws {
    #expect {
        try explain("E0102", .repair, from: "2026-11-23T09:00:00+08:00")
    } throws: { error in
        (error as? ValidationError)?.message.contains("ask for handle") == true
    }
}

@Test func `a pack that says nothing of dispatching and verifying has half a working hour and four`() throws {
    let category = PackCategory(
        code: "X", name: "某类", englishName: "Some", kind: .snapshot, filingLimit: "1w", handlingLimit: "1d",
        keywords: [], gbCode: nil, gbVerified: false)

    #expect(DeadlineStep.dispatch.limit(of: category, in: nil) == "0.5w")
    #expect(DeadlineStep.verify.limit(of: category, in: PackLoop(dispatchLimit: "1w")) == "4w")
    #expect(DeadlineStep.dispatch.limit(of: category, in: PackLoop(dispatchLimit: "1w")) == "1w")
}
