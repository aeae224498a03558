import Contracts
import EventProcessing
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kafka
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// Two communities: Mingdu with garbage at one place again and again, Longjiang with too little to compare.
private func publicRecords() throws -> [IncomingRecord] {
    let day: Int64 = 1_440
    func open(_ state: CaseState) throws -> IncomingRecord { try .of(OpenCaseState(state)) }
    func heap(_ number: Int64, _ stage: CaseStage, closed: Int64? = nil, reopens: Int = 0) throws -> IncomingRecord {
        try open(
            .sample(
                CaseID("heap-\(number)"), version: 3, stage: stage, reporters: ["rider-secret"],
                unit: CitySample.property, openedAt: .minutes(number * 60 - 5 * day),
                closedAt: closed.map { .minutes($0 * 60 - 5 * day) }, reopens: reopens))
    }
    func rates(
        _ community: CommunityID, _ period: String, _ counts: [RateCount: Int], revision: Int = 1
    ) throws
        -> IncomingRecord
    {
        try .of(
            RatesPublished(
                communityId: community, period: period, endsAt: PortalUnderTest.noon, utcOffsetMinutes: 480,
                revision: revision, minimumSample: 10,
                units: [
                    .init(unitId: CitySample.property, counts: RateCounts(counts)),
                    .init(unitId: nil, counts: RateCounts([.openOverdue: 1])),
                ]))
    }
    return try [
        heap(1, .closed, closed: 2), heap(3, .closed, closed: 4, reopens: 1), heap(5, .dispatched), heap(6, .handled),
        open(.sample("refused", stage: .refused, openedAt: .minutes(-5 * day))),
        open(.sample("taken-back", stage: .cancelled, openedAt: .minutes(-5 * day))),
        open(.sample("asked", kind: .request, stage: .filed, openedAt: .minutes(-4 * day))),
        open(
            .sample(
                "late", in: CitySample.longjiang, category: CitySample.parking, stage: .dispatched,
                openedAt: .minutes(-3 * day), isOverdue: true)),
        // The month before.
        open(
            .sample(
                "october", stage: .closed, openedAt: .minutes(-40 * day), isOverdue: true,
                closedAt: .minutes(-39 * day))),
        rates(CitySample.mingdu, "2026-11-19", [.assigned: 3, .responded: 3]),
        rates(CitySample.mingdu, "2026-11-19", [.assigned: 8, .responded: 7, .closed: 9, .onTime: 9], revision: 2),
        rates(CitySample.mingdu, "2026-11-20", [.assigned: 12, .responded: 12, .openOverdue: 2]),
        rates(CitySample.mingdu, "2026-11", [.assigned: 1_000]),
        rates(CitySample.longjiang, "2026-11-20", [.assigned: 9, .responded: 9]),
        published(),
    ]
}

/// A pack as everybody may know it, with a station, a team and two things that there are for riders.
private func published(title: String = "样例", version: Int = 1) throws -> IncomingRecord {
    let points = PackPoints {
        $0.stations = [
            PackStation(
                id: "mingdu-station", name: "名都驿站", communityId: CitySample.mingdu, address: "南门 12 号铺",
                hours: "每天 07:00–22:00", staffIds: ["staff-secret"])
        ]
        $0.teams = [
            PackTeam(
                id: "riders", name: "小哥一队", ledgerId: "gaoxin", leaderId: "lead-secret", memberIds: ["rider-secret"])
        ]
    }
    let care = [
        PackCareItem(
            careItemId: "meal", name: "热饭", englishName: "Warm meals", detail: "自带饭菜可加热。",
            stationIds: ["mingdu-station"]),
        PackCareItem(careItemId: "water", name: "饮水", englishName: "Water", detail: "冷热都有。", stationIds: []),
    ]
    return try .of(
        OpenReferenceState(
            .town(title: title, version: version, points: points, care: care), hash: ContentHash.sha256(Data())))
}

@Test func `the overview reads public topics, and no other`() {
    let topics = OverviewProjection().topics

    #expect(!topics.isEmpty)
    for topic in topics { #expect(topic.audience == .public, "\(topic.name)") }
}

@Test func `the overview counts what is public, and ranks no community by too small a sample`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(publicRecords())

        let answer = try await client.ask("/v1/overview").json

        func numbers(_ counts: JSONValue?, _ names: String...) -> [Int64?] { names.map { counts?[$0]?.integer } }
        #expect(
            numbers(answer["whole"]?["counts"], "opened", "snapshots", "requests", "handled", "closed", "open")
                == [8, 7, 1, 4, 3, 4])
        #expect(
            numbers(answer["counts"], "opened", "closed", "closedOnTime", "openOverdue", "reopened") == [7, 2, 2, 1, 1])
        #expect(answer["whole"]?["takingPart"] == 2)
        #expect(answer["before"]?["counts"]?["opened"] == 1)
        let communities = answer["communities"]?.array ?? []
        #expect(communities.map { $0["communityId"]?.string } == ["mingdu", "longjiang"])
        #expect(communities.map { $0["name"]?.string } == ["名都", "longjiang"])
        let mine = communities.first?["rates"]?.array ?? []
        #expect(mine.map { $0["rate"]?.string } == ["response", "solution", "satisfaction", "on-time"])
        // The second revision of the 19th and the 20th, and neither the first nor the month.
        #expect(mine.first == ["rate": "response", "sample": 20, "part": 19, "permille": 950])
        // Nine closed in time, and three overdue at the end.
        #expect(mine.last == ["rate": "on-time", "sample": 12, "part": 9, "permille": 750])
        #expect(communities.last?["rates"]?.array?.first == ["rate": "response", "sample": 9])
        let repeats = answer["repeats"]?.array ?? []
        #expect(repeats.count == 1)
        #expect(
            repeats.first?["cases"]?.array?.map { $0["number"]?.string }
                == ["MD-heap-1", "MD-heap-3", "MD-heap-5", "MD-heap-6"])
        #expect(repeats.first?["cameAgain"] == 4 && repeats.first?["solved"] == 2)
        #expect(!answer.text().contains("secret"))
    }
}

@Test(arguments: ["zh", "en"])
func `the page says the same to everybody, without a script and without a person`(language: String) async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(publicRecords())

        let page = try await client.ask("/overview", [.acceptLanguage: language])
        let live = try await client.ask("/overview/live", [.acceptLanguage: language])

        #expect(page.status == 200)
        #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
        for part in [
            "<b data-count=\"snapshots\">7</b>", "<b data-count=\"closed\">3</b>", "<b data-count=\"open\">4</b>",
            "<svg class=\"bars\"", "95.0%", "75.0%", "/overview/reports/2026-11\"", "/overview/reports/2026-W48\"",
            "/open/cases/MD-heap-1\"", "名都",
        ] {
            #expect(page.text.contains(part), "\(part)")
        }
        #expect(page.text.contains(language == "zh" ? "样本不足（9）" : "too few (9)"), "\(page.text)")
        #expect(page.text.contains(language == "zh" ? "反复出现的问题" : "Problems that come again"))
        #expect(page.text.contains(live.text.trimmingCharacters(in: .newlines)))
        for bad in ["secret", ">overview.", " overview.", "style=", "{{"] {
            #expect(!page.text.contains(bad), "\(bad)")
        }
    }
}

@Test func `a report tells a week or a month with the one before, and links both`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(publicRecords())

        let month = try await client.ask("/overview/reports/2026-11")
        let october = try await client.ask("/overview/reports/2026-10")
        let week = try await client.ask("/overview/reports/2026-W47")

        #expect(month.status == 200 && october.status == 200 && week.status == 200)
        #expect(month.text.contains("月报 2026-11") && month.text.contains("每月一题"))
        #expect(month.text.contains("选它是因为：共 4 件，是这段时间唯一一处反复出现的问题"))
        #expect(month.text.contains("2026-10-01 – 2026-10-23"), "as many days as have passed")
        #expect(month.text.contains("href=\"/overview/reports/2026-10\""))
        #expect(!month.text.contains("href=\"/overview/reports/2026-12\""))
        #expect(october.text.contains("href=\"/overview/reports/2026-11\""))
        #expect(october.text.contains("这段时间没有反复出现的问题"))
        #expect(week.text.contains("周报 2026-W47"))
        let view = try await client.ask("/v1/overview?period=2026-10").json
        #expect(view["isOver"] == true && view["period"] == "2026-10")
        #expect(view["counts"]?["opened"] == 1 && view["counts"]?["closed"] == 1)
        #expect(view["days"]?.array?.count == 31)
    }
}

@Test(arguments: ["zh", "en"])
func `the overview tells of stations, care and teams, and of nobody in them`(language: String) async throws {
    try await PortalUnderTest.run { portal, client in
        let bare = try await client.ask("/overview", [.acceptLanguage: language])
        try await portal.hear(publicRecords())

        let page = try await client.ask("/overview", [.acceptLanguage: language])
        let view = try await client.ask("/v1/overview").json

        #expect(bare.text.contains("<b data-count=\"care\">0</b>") && !bare.text.contains("id=\"services\""))
        for part in [
            "<b data-count=\"stations\">1</b>", "<b data-count=\"care\">2</b>", "<b data-count=\"teams\">1</b>", "名都驿站",
            "南门 12 号铺", "每天 07:00–22:00", "小哥一队", language == "zh" ? "<strong>热饭</strong> 自带饭菜可加热。" : "Warm meals",
        ] {
            #expect(page.text.contains(part), "\(part)")
        }
        #expect(page.text.components(separatedBy: "<small>名都驿站</small>").count == 2, "one of the two is at a station")
        #expect(view["stations"]?.array?.first?["hours"] == "每天 07:00–22:00")
        #expect(view["careItems"]?.array?.map { $0["careItemId"]?.string } == ["meal", "water"])
        #expect(view["teams"]?.array == [["teamId": "riders", "name": "小哥一队"]])
        for text in [page.text, view.text()] { #expect(!text.contains("secret")) }
    }
}

@Test func `of packs the last counts, also where a city went back to an earlier one`() async throws {
    try await PortalUnderTest.run { portal, client in
        var titles: [Bool] = []
        for (title, version) in [("新城", 2), ("旧城", 1)] {
            try await portal.hear([published(title: title, version: version)])
            titles.append(try await client.ask("/overview").text.contains(title))
        }
        #expect(titles == [true, true])
    }
}

@Test func `what is no period, and what nobody can know yet, is said`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(publicRecords())

        #expect(try await client.ask("/v1/overview?period=2026-13").wrongFields == ["period"])
        for path in ["/v1/overview?period=2026-12", "/overview/reports/2025-W01", "/overview/reports/november"] {
            #expect(try await client.ask(path).status == 404, "\(path)")
        }
    }
}

@Test func `an overview of nothing is a page`() async throws {
    try await PortalUnderTest.run { _, client in
        let page = try await client.ask("/overview").text
        let report = try await client.ask("/overview/reports/2026-11")
        let view = try await client.ask("/v1/overview").json

        #expect(page.contains("<b data-count=\"open\">0</b>"))
        #expect(report.status == 200)
        #expect(view["repeats"] == .array([]))
    }
}

@Test func `public records alone give the same overview, in whatever order and however often they come`() async throws {
    var generator = SeededGenerator()
    let records = try publicRecords()
    let shuffled = (0..<4).map { _ in
        (records + records.filter { _ in Bool.random(using: &generator) }).shuffled(using: &generator)
    }
    let paths = ["/overview", "/overview/reports/2026-11", "/v1/overview?period=2026-W47"]
    func told(_ records: [IncomingRecord]) async throws -> [String] {
        let pages = try TemporaryFolder()
        let kept = Kept()
        try await PortalUnderTest.run(in: pages) { portal, client in
            try await portal.hear(records)
            for path in paths { await kept.add(try await client.ask(path).text) }
        }
        return await kept.texts
    }

    let first = try await told(records)

    #expect(first.allSatisfy { $0.contains("MD-heap-1") })
    for order in shuffled { #expect(try await told(order) == first) }
}

private actor Kept {
    private(set) var texts: [String] = []

    func add(_ text: String) { texts.append(text) }
}

/// The overview against a broker: librdkafka's mock cluster in this process.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct OverviewOnBrokerTests {
    @Test func `who deletes the overview's store gets the same page from the topics`() async throws {
        let broker = try await BrokerUnderTest()
        for record in try publicRecords() { try await broker.put(record) }
        let kept = Kept()

        for round in 0..<2 {
            try await PortalUnderTest.run(on: broker) { _, client in
                let page: Answer = try await eventually("everything public is read") {
                    let answer = try await client.ask("/v1/overview")
                    let page = try await client.ask("/overview/reports/2026-W47")
                    return answer.json["isComplete"] == true && page.text.contains("MD-heap-6") ? page : nil
                }
                await kept.add(page.text)
            }
            guard round == 0 else { continue }
            let folder = broker.folder.url.appending(path: "portal")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
                .filter { $0.hasPrefix("overview-1.sqlite") }
            #expect(!files.isEmpty)
            for file in files { try FileManager.default.removeItem(at: folder.appending(path: file)) }
        }

        let pages = await kept.texts
        #expect(pages.count == 2 && pages[0] == pages[1])
        await broker.close()
    }
}

extension BrokerUnderTest {
    /// Puts a record on its topic as case-routing does.
    fileprivate func put(_ record: IncomingRecord) async throws {
        let topic = try #require(TopicCatalogue.topic(named: record.topic))
        try await KafkaProducer.withProducer(settings) { producer in
            _ = try await producer.send([
                OutgoingRecord(
                    topic: topic.name, partition: topic.partition(forKey: record.key), key: Data(record.key.utf8),
                    value: record.value)
            ])
        }
    }
}
