import Foundation
import PackFolder
import Testing

/// One way to spoil the demo pack, and the one problem that must come of it.
struct Mutation: Sendable, CustomTestStringConvertible {
    let kind: PackProblemKind
    let edits: [Edit]
    let file: PackFile
    let position: PackProblem.Position?
    /// Something that the message must say.
    let says: String

    init(
        _ kind: PackProblemKind, _ edits: Edit..., in file: PackFile, at position: PackProblem.Position? = nil,
        says: String
    ) {
        self.kind = kind
        self.edits = edits
        self.file = file
        self.position = position
        self.says = says
    }

    var testDescription: String { "\(kind.rawValue): \(says)" }

    static let all =
        unreadable + badValues + contradictions + warnings + questions + landmarks + routing + holidays + loop
        + points
        + shelf
        + grids

    private static let unreadable: [Mutation] = [
        Mutation(.missingFile, .remove(.units), in: .units, says: "missing"),
        Mutation(.missingFile, .remove(.communities), in: .communities, says: "missing"),
        Mutation(.unreadable, .overwrite(.units, Data([0x69, 0x64, 0xCA, 0xD0])), in: .units, says: "UTF-8"),
        Mutation(
            .unreadable, .replace(.units, "water,高新区", with: "water,高新区,"), in: .units, at: .row(15),
            says: "columns"),
        Mutation(
            .unreadable, .replace(.pack, "ledgers: [nanchang]", with: "ledgers: [nanchang"), in: .pack, says: "YAML"),
        Mutation(
            .badValue, .overwrite(.points, Data("- rule: R1".utf8)), in: .points, at: .line(1),
            says: "not a list of keys"),
        Mutation(
            .unreadable, .overwrite(.communities, Data("{\"type\": \"Feat".utf8)), in: .communities, says: "GeoJSON"),
        Mutation(
            .brokenOutline, .replace(.communities, "[115.9402, 28.6893],", with: "[28.6893, 115.9402],"),
            in: .communities, at: .feature(1), says: "longitude first"),
        Mutation(
            .unknownKey, .replace(.points, "    kind: request\n", with: "    kind: request\n    unless: 2027\n"),
            in: .points, at: .line(18), says: "unless"),
        Mutation(
            .unknownKey, .replace(.units, "id,name,superior\n", with: "id,name,phone\n"), in: .units, at: .row(1),
            says: "phone"),
        Mutation(
            .missingValue, .replace(.people, "id,roles,unitId", with: "id,roles,"), in: .people, at: .row(1),
            says: "unitId"),
        Mutation(
            .missingValue, .replace(.units, "water,高新区水务管理中心", with: "water,"), in: .units, at: .row(15),
            says: "name"),
        Mutation(
            .missingValue, .replace(.communities, "\"name\": \"龙江社区\", ", with: ""), in: .communities,
            at: .feature(2), says: "name"),
        Mutation(
            .missingValue, .replace(.points, "- rule: P2\n", with: "- rule:\n"), in: .points, at: .line(10),
            says: "rule is missing"),
    ]

    private static let badValues: [Mutation] = [
        Mutation(
            .badValue, .replace(.pack, "doubtful: 400", with: "doubtful: 700"), in: .pack, at: .line(30),
            says: "above certain 600"),
        Mutation(
            .badValue, .replace(.pack, "closed: link", with: "closed: merge"), in: .pack, at: .line(30),
            says: "write reopen or link"),
        Mutation(
            .badValue, .replace(.pack, "days: 30", with: "days: 900"), in: .pack, at: .line(30), says: "900"),
        Mutation(
            .unknownKey, .replace(.pack, "closed: link", with: "closed: link, photo: 3"), in: .pack, at: .line(30),
            says: "photo is not known"),
        Mutation(.badValue, .replace(.pack, "version: 1", with: "version: one"), in: .pack, at: .line(4), says: "one"),
        Mutation(
            .badValue, .replace(.pack, "Metres: 50", with: "Metres: 5000"), in: .pack, at: .line(7), says: "5000"),
        Mutation(
            .badValue, .replace(.pack, "minimumSample: 10", with: "minimumSample: 0"), in: .pack,
            at: .line(26), says: "minimumSample is 0"),
        Mutation(
            .missingValue, .replace(.pack, "  minimumSample: 10\n", with: "  {}\n"), in: .pack, at: .line(26),
            says: "minimumSample is missing"),
        Mutation(
            .badValue, .replace(.points, "  kind: request", with: "  kind: photo"), in: .points,
            at: .line(17), says: "photo"),
        Mutation(.badID, .append(.units, "环卫,环卫所\n"), in: .units, at: .row(25), says: "环卫"),
        Mutation(
            .badID, .replace(.pack, "name: nanchang", with: "name: nan chang"), in: .pack, at: .line(2),
            says: "nan chang"),
        Mutation(
            .badLimit, .replace(.categories, "snapshot,2w,2w,道路不洁", with: "snapshot,2w,1.5d,道路不洁"),
            in: .categories, at: .row(5), says: "handlingLimit"),
        Mutation(
            .badValue, .replace(.notifications, "quietHours: 22:00-07:00", with: "quietHours: 22:00-22:00"),
            in: .notifications, at: .line(5), says: "quietHours"),
        Mutation(
            .badValue, .replace(.notifications, "weekday: sunday", with: "weekday: someday"), in: .notifications,
            at: .line(9), says: "someday"),
        Mutation(
            .badValue, .replace(.notifications, "critical: true", with: "critical: yes please"), in: .notifications,
            at: .line(547), says: "critical"),
        Mutation(
            .badCalendar, .replace(.pack, "friday: [\"09:00-12:00\"", with: "friday: [\"9-12\""), in: .pack,
            at: .line(18), says: "friday"),
        Mutation(
            .badCalendar, .replace(.pack, "makeUpDays: []", with: "makeUpDays: [2026-10-01]"), in: .pack,
            says: "both a holiday"),
        Mutation(
            .badURL, .append(.webhooks, "- unit: sanitation\n  url: ftp://example.org\n"), in: .webhooks,
            at: .line(8), says: "ftp"),
        Mutation(
            .badValue, .replace(.categories, "着火:11;", with: "着火:0;"), in: .categories, at: .row(39), says: "着火:0"),
        Mutation(
            .badValue, .replace(.categories, "着火:11;", with: "：5;"), in: .categories, at: .row(39), says: "weight"),
        Mutation(
            .badValue, .replace(.emergencies, ",95598;119,", with: ",95598;now,"), in: .emergencies, at: .row(7),
            says: "now cannot be called"),
        Mutation(
            .badValue, .replace(.emergencies, ",落水管;", with: ",落;落水管;"), in: .emergencies, at: .row(6),
            says: "落水, which never counts"),
        Mutation(
            .missingValue, .append(.emergencies, "smoke,,,119,烟,Smoke\n"), in: .emergencies, at: .row(8),
            says: "words is empty"),
        Mutation(
            .duplicate, .append(.emergencies, "gas,瓦斯,,119,走,Go\n"), in: .emergencies, at: .row(8), says: "row 3"),
    ]

    private static let contradictions: [Mutation] = [
        Mutation(.duplicate, .append(.units, "water,水\n"), in: .units, at: .row(25), says: "row 15"),
        Mutation(
            .duplicate, .replace(.routing, "R42: ", with: "R41: "), in: .routing, at: .line(30),
            says: "R41 stands twice"),
        Mutation(
            .unknownUnit, .replace(.routing, "E0105 -> water", with: "E0105 -> watre"), in: .routing,
            at: .character(line: 24, column: 15), says: "watre"),
        Mutation(
            .unknownCommunity,
            .replace(.people, "dispatcher-mingdu-1,dispatcher,,mingdu", with: "d,dispatcher,,mingdo"), in: .people,
            at: .row(35), says: "mingdo"),
        Mutation(
            .unknownCategory, .replace(.routing, "E0105 -> water", with: "E9999 -> water"), in: .routing,
            at: .character(line: 24, column: 6), says: "E9999"),
        Mutation(
            .unknownCategory, .replace(.points, "for: [S*, P0101]", with: "for: [Z*, P0101]"), in: .points,
            at: .line(6), says: "Z*"),
        Mutation(
            .unknownLedger,
            .replace(
                .communities, "\"id\": \"wuyue\", \"name\": \"吾悦社区\", \"ledgerId\": \"nanchang\"",
                with: "\"id\": \"wuyue\", \"name\": \"吾悦社区\", \"ledgerId\": \"east\""), in: .communities,
            at: .feature(4), says: "east"),
        Mutation(
            .unknownRole, .replace(.people, "admin-1,admin", with: "admin-1,boss"), in: .people, at: .row(41),
            says: "boss"),
        Mutation(
            .unknownRole,
            .append(.notifications, "- event: case.returned\n  role: everybody\n  title: a\n  body: b\n"),
            in: .notifications, at: .line(675), says: "everybody"),
        Mutation(
            .unknownEvent,
            .append(
                .notifications,
                "- event: case.lost\n  role: reporter\n  title: a\n  body: b\n  en: { title: a, body: b }\n"),
            in: .notifications, at: .line(674), says: "case.lost"),
        Mutation(
            .unknownEvent, .append(.webhooks, "- unit: sanitation\n  url: https://a.cn\n  events: [points.capped]\n"),
            in: .webhooks, at: .line(9), says: "points.capped"),
        Mutation(
            .unknownVariable, .replace(.notifications, "title: 新任务：{category}", with: "title: 新任务：{what}"),
            in: .notifications, at: .line(360), says: "{what}"),
        Mutation(
            .unknownVariable, .replace(.notifications, "title: 本周 {reports}", with: "title: 本周 {category}"),
            in: .notifications, at: .line(12), says: "{category}"),
        Mutation(
            .variableNeverFilled, .replace(.notifications, "title: 已办结\n", with: "title: 已办结 {points}\n"),
            in: .notifications, at: .line(79), says: "{points}"),
        Mutation(
            .variableNeverFilled,
            .replace(.notifications, "title: Picked up\n", with: "title: Picked up by {deadline}\n"),
            in: .notifications, at: .line(278), says: "{deadline}"),
        Mutation(
            .unknownChannel,
            .replace(.notifications, "channels: [email, web-push, sms]", with: "channels: [email, pigeon]"),
            in: .notifications, at: .line(546), says: "pigeon"),
        Mutation(
            .unknownChannel,
            .replace(.notifications, "channels: [email, web-push, sms]", with: "channels: [inbox]"),
            in: .notifications, at: .line(546), says: "inbox"),
        Mutation(
            .channelWithoutTemplate,
            .replace(.notifications, "channels: [email, web-push, sms]", with: "channels: [wechat]"),
            in: .notifications, at: .line(546), says: "wechat"),
        Mutation(
            .textWithoutEnglish,
            .append(.notifications, "- event: case.split\n  role: reporter\n  title: a\n  body: b\n"),
            in: .notifications, at: .line(674), says: "English"),
        Mutation(
            .workerWithoutUnit,
            .replace(.people, "worker-sanitation-2,worker,sanitation", with: "worker-sanitation-2,worker,"),
            in: .people, at: .row(15), says: "worker-sanitation-2"),
        Mutation(
            .verifiedWithoutCode,
            .replace(.categories, "公共设施;安全隐患;设施损坏,,false", with: "公共设施;安全隐患;设施损坏,,true"),
            in: .categories, at: .row(38), says: "gbCode"),
        Mutation(
            .ruleNeverFires,
            .replace(.routing, "R43: ", with: "R44: E0105 -> water\nR43: "), in: .routing, at: .line(31), says: "R44"),
        Mutation(
            .ruleNeverFires, .replace(.routing, "E0105 -> water", with: "E0105 as request -> water"), in: .routing,
            at: .line(24), says: "R36"),
        Mutation(
            .ruleNeverFires,
            .replace(
                .points, "  - rule: P3\n",
                with: "  - rule: P4\n    name: x\n    for: [E0102]\n    points: 1\n  - rule: P3\n"), in: .points,
            at: .line(15), says: "P4"),
    ]

    private static let warnings: [Mutation] = [
        Mutation(
            .overlappingCommunities,
            .replace(
                .communities, "[115.9506, 28.6803],\n            [115.9541, 28.6797]",
                with: "[115.9506, 28.6803],\n            [115.9541, 28.6757]"), in: .communities, at: .feature(4),
            says: "wuyue and longjiang"),
        Mutation(
            .categoryWithoutOwner,
            .replace(.routing, "R99: everything", with: "R99: C0103, C0104, P0126"),
            .replace(.routing, "R43: D0104, D0202", with: "R43: D0202"), in: .routing, says: "D0104"),
        Mutation(
            .categoryWithoutOwner,
            .replace(.routing, "R99: everything", with: "R99: C0103, C0104, P0126, D0202"),
            .replace(.routing, "R43: D0104, D0202", with: "R43: D0104 at 08:00-20:00"), in: .routing,
            says: "D0104 疑难诉求、建议 has no owner anywhere"),
        Mutation(
            .unitWithoutWorker, .replace(.people, "worker-water-1,worker,water,\n", with: ""), in: .people,
            says: "water"),
        Mutation(
            .communityWithoutStaff, .replace(.people, "verifier-district-1,verifier,,\n", with: ""),
            .replace(.people, "verifier-wuyue-1,verifier,,wuyue\n", with: ""), in: .people,
            says: "wuyue has no verifier"),
        Mutation(
            .keywordTwice, .replace(.categories, "路面脏;", with: "路面脏;坑洞;"), in: .categories, at: .row(10),
            says: "坑洞"),
        Mutation(
            .eventWithoutTemplate, .replace(.notifications, "event: points.capped", with: "event: case.returned"),
            in: .notifications, says: "points.capped"),
        Mutation(
            .templateNeverRead,
            .append(
                .notifications,
                "- event: case.filed\n  role: unit\n  title: a\n  body: b\n  en: { title: a, body: b }\n"),
            in: .notifications, at: .line(674), says: "webhook"),
        Mutation(
            .capBelowRule, .replace(.points, "personDay: 50", with: "personDay: 15"), in: .points, at: .line(4),
            says: "P1"),
    ]
}
