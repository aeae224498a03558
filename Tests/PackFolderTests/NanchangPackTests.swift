import Contracts
import Foundation
import Geography
import OwnerRules
import PackFolder
import Testing
import WorkingTime

/// The first rule that fits on a working morning, found without the room's own reckoning.
private func owner(of category: PackCategory, in community: CommunityID, inside: Bool, _ pack: Pack) -> UnitID? {
    let compound = pack.compounds?.first { inside && $0.communityId == community }
    let rule = pack.routingRules.first { rule in
        (rule.categories.isEmpty || rule.categories.contains(category.code))
            && (rule.communityIds.isEmpty || rule.communityIds.contains(community))
            && (rule.kind == nil || rule.kind == category.kind)
            && (rule.conditions?.compounds.map { $0.isInside == (compound != nil) } ?? true)
            && rule.conditions?.workingHours != false
    }
    return rule?.unitId ?? compound?.propertyUnitId
}

@Test func `the demo pack has nothing wrong with it`() {
    let reading = PackFolder.read(nanchang)

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.pack?.communities.map(\.id) == ["mingdu", "longjiang", "shangshangcheng", "wuyue"])
    #expect(reading.pack?.mergeDistance == 5_000)
    #expect(
        reading.pack?.matching
            == PackMatching(certain: 600, doubtful: 400, reach: 6_000, days: 30, closed: .link))
    #expect(reading.contents.communities == 4)
    #expect(reading.pack?.rates?.minimumSample == 10)
}

@Test func `the demo pack says whom to call`() throws {
    let demo = try PackFolder.load(nanchang)
    let emergencies = try #require(demo.emergencies)

    #expect(Set(emergencies.flatMap(\.call)).isSuperset(of: ["119", "120", "110", "95598"]))
    #expect(emergencies.allSatisfy { !$0.words.isEmpty && !$0.advice.isEmpty && !$0.englishAdvice.isEmpty })
    #expect(demo.categories.first { $0.code == "S0199" }?.weights?.contains(11) == true)
}

@Test func `the demo pack asks nothing that keeps a report out, and knows places in each community`() throws {
    let demo = try PackFolder.load(nanchang)

    let questions = try #require(demo.questions)
    #expect(Set(questions.map(\.type)) == Set(PackQuestion.AnswerType.allCases))
    #expect(questions.filter(\.informs).map(\.code) == ["gas-safety"])
    // Importers and programs of others send categories without answers.
    #expect(questions.allSatisfy { !$0.isRequired })
    let landmarks = try #require(demo.landmarks)
    for community in demo.communities.map(\.id.rawValue) {
        #expect(landmarks.count { $0.id.rawValue.hasPrefix(community) } >= 3)
    }
}

@Test func `the demo pack says how the loop runs, and who is above each unit`() throws {
    let demo = try PackFolder.load(nanchang)

    let loop = try #require(demo.loop)
    #expect(loop.reopenDays == 15 && loop.returnsBeforeLevelUp == 2 && loop.replyLimit == "3n" && loop.nearDue == 800)
    #expect(loop.needsAfterPhotos == false)
    let strict = try readNanchang(after: [.replace(.loop, "Photos: optional", with: "Photos: required")])
    #expect(strict.pack?.loop?.needsAfterPhotos == true)
    #expect(loop.ladder.map(\.after) == ["2w", "1d", "2d"])
    #expect(loop.ladder.map(\.unitId) == [nil, "subdistrict", "district"])
    #expect(demo.units.filter { $0.superiorId == nil }.map(\.id) == ["district"])
    #expect(demo.units.first { $0.id == "mingdu-property" }?.superiorId == "mingdu-committee")
}

@Test func `who closes a case asks its reporter, and whoever is called upon is told`() throws {
    let demo = try PackFolder.load(nanchang)

    let closed = try #require(demo.templates.first { $0.event == "case.closed" && $0.role == .reporter })
    for word in ["满意", "解决", "重新打开", "15 天"] { #expect(closed.body.contains(word)) }
    for event in ["case.escalated", "case.whistled", "case.co-owner-added", "case.kept-overdue"] {
        #expect(demo.templates.contains { $0.event == event && $0.role == .member }, "\(event)")
    }
    // A level of the ladder without people would be told for nobody.
    for unit in demo.loop?.ladder.compactMap(\.unitId) ?? [] {
        #expect(demo.people.contains { $0.unitId == unit && $0.roles.contains("worker") }, "\(unit)")
    }
}

@Test func `the demo pack says by which ways and when people are told, in two languages`() throws {
    let demo = try PackFolder.load(nanchang)
    let notifications = try #require(demo.notifications)

    #expect(notifications.languages == [.chinese, .english])
    #expect(notifications.quietHours == QuietHours(from: 1_320, to: 420))
    #expect(notifications.mealPeaks == [[660, 780], [1_020, 1_140]] && notifications.mergeMinutes == 5)
    #expect(notifications.digest?.weekday == 7 && notifications.digest?.minute == 600)
    #expect(notifications.digest?.channels == [.email, .webPush])
    #expect(demo.templates.allSatisfy { $0.english != nil && $0.short != nil && $0.kind != nil })
    #expect(demo.templates.filter { $0.critical == true }.map(\.event) == ["case.whistled"])
    for event in ["case.filing-overdue", "case.dispatch-overdue", "case.verification-overdue"] {
        #expect(demo.templates.contains { $0.event == event && $0.role == .dispatcher }, "\(event)")
    }
    for event in ["order.placed", "order.handed-over", "order.expired", "order.cancelled"] {
        #expect(demo.templates.contains { $0.event == event && $0.role == .reporter }, "\(event)")
    }
}

@Test func `a text may name a template of WeChat and of text messages`() throws {
    let wechat = "  channels: [wechat, sms]\n  wechat: { template: T1, variables: { thing1: '{category}' } }\n"
    let sms = "  sms: { template: S1, variables: { no: '{caseNumber}' } }\n"
    let text = "- event: case.split\n  role: reporter\n  title: a\n  body: b\n  en: { title: a, body: b }\n"
    let pack = try #require(try readNanchang(after: [.append(.notifications, text + wechat + sms)]).pack)

    let template = try #require(pack.templates.first { $0.event == "case.split" })
    #expect(template.channels == [.weChat, .sms])
    #expect(template.weChat == PackProviderTemplate(id: "T1", variables: ["thing1": "{category}"]))
    #expect(template.sms == PackProviderTemplate(id: "S1", variables: ["no": "{caseNumber}"]))
    let wrong = try readNanchang(
        after: [.append(.notifications, text + wechat.replacingOccurrences(of: "{category}", with: "{points}"))])
    #expect(wrong.problems.map(\.kind) == [.variableNeverFilled])
}

@Test func `the demo pack says how points are earned, and who pays for them`() throws {
    let demo = try PackFolder.load(nanchang)

    let points = try #require(demo.points)
    #expect(demo.pointRules.map(\.points) == [20, 10, 5] && demo.pointRules.map(\.teamPoints) == [2, 1, nil])
    #expect(points.caps?.personDay == 50 && points.caps?.teamMonth == 3_000)
    #expect(points.releaseDays == 0 && points.expiryMonths == 24 && points.supporterShare == 30)
    #expect(points.mealPeaks == [[660, 780], [1_020, 1_140]])
    #expect(points.bonuses?.map(\.categories) == [["S0101"]])
    #expect(points.funders?.map(\.line) == [2_000_000])
    #expect(points.funders?.first?.budgets.map(\.from) == ["2026-01-01", "2027-01-01"])
    #expect(points.tasks?.map(\.name) == ["夜间巡逻", "助老送餐"])
    // The leader is one of the team, whether the list of members says so or not.
    #expect(points.teams?.first?.memberIds == ["rider-lead-mingdu", "rider-1", "rider-2", "rider-3"])
    #expect(points.signals?.burst == 6 && points.pickUpDays == 7)
}

@Test func `a pack that says nothing of points but its rules, and one without any, are read`() throws {
    let bare = try readNanchang(after: [
        .remove(.teams), .remove(.prizes), .remove(.stations), .remove(.care), .overwrite(.points, Data()),
    ])

    #expect(bare.problems.isEmpty, "\(PackProblems(bare.problems))")
    #expect(bare.pack?.points == nil && bare.pack?.pointRules == [])
}

@Test func `a pack without loop or superiors is as it was`() throws {
    let reading = try readNanchang(after: [.remove(.loop), .replace(.units, "id,name,superior", with: "id,name,")])

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.pack?.loop == nil)
    #expect(reading.pack?.units.allSatisfy { $0.superiorId == nil } == true)
}

@Test func `every category of the demo pack has an owner who works in every community`() throws {
    let pack = try PackFolder.load(nanchang)

    #expect(Set(pack.categories.map(\.kind)) == [.snapshot, .request])
    for community in pack.communities.map(\.id) {
        for (category, inside) in pack.categories.flatMap({ [($0, true), ($0, false)] }) {
            let unit = try #require(
                owner(of: category, in: community, inside: inside, pack), "\(category.code) in \(community)")
            #expect(pack.units.contains { $0.id == unit })
            #expect(
                pack.people.contains { person in
                    person.roles.contains("worker") && person.unitId == unit
                        && (person.communityIds.isEmpty || person.communityIds.contains(community))
                }, "\(unit) in \(community)")
        }
    }
}

/// Places of the demo pack: the middle of 名都小区, and its market, which lies outside the wall.
private let compound = Location(latitudeE7: 286_845_000, longitudeE7: 1_159_455_000)
private let market = Location(latitudeE7: 286_868_000, longitudeE7: 1_159_426_000)
private let morning = Timestamp(milliseconds: 1_795_395_600_000)
private let night = morning.adding(milliseconds: 14 * 3_600_000)

@Test(
    arguments: [
        ("E0102", compound, "mingdu", morning, "R11", "mingdu-property"),
        ("E0102", market, "mingdu", morning, "R31", "sanitation"),
        ("E0104", compound, "mingdu", morning, "R31", "sanitation"),
        ("E0102", compound, .unassigned, morning, "R31", "sanitation"),
        ("S0101", market, "mingdu", morning, "R39", "fire-rescue"),
        ("S0105", market, "mingdu", night, "R21", "mingdu-committee"),
        ("E0401", market, "mingdu", morning, "R33", "public-works"),
        ("E0401", market, "mingdu", night, "R25", "emergency"),
        ("C0103", market, "mingdu", morning, "R99", "subdistrict"),
    ] as [(CategoryCode, Location, CommunityID, Timestamp, String, UnitID)])
func `garbage inside a compound is the property company's, and on the road the city's`(
    category: CategoryCode, location: Location, community: CommunityID, now: Timestamp, rule: String, unit: UnitID
) throws {
    let decision = OwnerRules(try PackFolder.load(nanchang)).decide(
        OwnerQuestion(category: category, communityId: community, location: location, kind: .snapshot, now: now)
    ) { _ in 0 }

    #expect(decision.ruleId == rule)
    #expect(decision.unitId == unit)
}

@Test func `the shift is given the work`() throws {
    let rules = OwnerRules(try PackFolder.load(nanchang))
    func sweeper(_ hours: Int64, busy: PersonID) -> PersonID? {
        let now = morning.adding(milliseconds: hours * 3_600_000)
        return rules.worker(of: "sanitation", in: "mingdu", at: now) { $0 == busy ? 5 : 0 }.personId
    }

    #expect(sweeper(0, busy: "worker-sanitation-1") == "worker-sanitation-1")
    #expect(sweeper(6, busy: "worker-sanitation-2") == "worker-sanitation-2")
    // Nobody is on duty at 23:00, and the case must go to somebody.
    #expect(sweeper(14, busy: "worker-sanitation-1") == "worker-sanitation-2")
}

@Test func `the outlines of the demo pack are carried exactly and share their borders`() throws {
    let pack = try PackFolder.load(nanchang)
    let drawn = try GeoJSON.read(Data(contentsOf: nanchang.appendingPathComponent("communities.geojson"))).map(\.area)

    let carried = try pack.communities.map { community in
        try JSONDecoder().decode(MultiPolygon.self, from: JSONEncoder().encode(community.outline))
    }

    #expect(carried == drawn)
    let index = AreaIndex(zip(pack.communities.map(\.id), carried).map { (id: $0, area: $1) })
    let middle = try #require(Place(latitude: 28.6803, longitude: 115.9506))
    #expect(index.findAll(middle).count == 4)
    let inWuyue = try #require(Place(latitude: 28.6750, longitude: 115.9560))
    #expect(index.findAll(inWuyue) == ["wuyue"])
}

@Test func `the demo calendar rests on the National Day and works on the Saturday after`() throws {
    let calendar = try PackFolder.load(nanchang).calendar

    let week = try zip(Weekday.allCases, calendar.workingMinutes).map { day, ranges in
        (day, try DayHours(ranges.map { $0[0]..<$0[1] }))
    }
    let working = try WorkingCalendar(
        utcOffsetMinutes: calendar.utcOffsetMinutes, week: Dictionary(uniqueKeysWithValues: week),
        holidays: Set(calendar.holidays.compactMap { CivilDay($0) }),
        makeUpDays: Set(calendar.makeUpDays.compactMap { CivilDay($0) }))

    #expect(calendar.holidays.count == 89)
    for (day, isWorking) in [("2026-10-01", false), ("2026-10-07", false), ("2026-10-08", true), ("2026-10-10", true)] {
        #expect(working.isWorkingDay(try #require(CivilDay(day))) == isWorking, "\(day)")
    }
}

@Test func `the same folder always gives the same bytes, and they come back as the same pack`() throws {
    let pack = try PackFolder.load(nanchang)

    let json = try ContractCoding.encode(pack)

    #expect(try ContractCoding.encode(PackFolder.load(nanchang)) == json)
    #expect(try ContractCoding.decode(Pack.self, from: json) == pack)
}

@Test func `the demo pack has a station in each community and prizes with pictures`() throws {
    let demo = try PackFolder.load(nanchang)

    let points = try #require(demo.points)
    #expect(points.stations?.map(\.communityId) == demo.communities.map(\.id))
    #expect(points.stations?.allSatisfy { $0.staffIds.count == 1 } == true)
    #expect(points.prizes?.count == 8)
    for prize in points.prizes ?? [] {
        let photo = try #require(prize.photo.flatMap { Data(base64Encoded: $0) })
        #expect(photo.count < 12_000 && photo.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(!prize.prices.isEmpty && prize.prices.allSatisfy { $0.points > 0 })
    }
    #expect(points.prizes?.first?.prices.map(\.points) == [120, 100])
}

@Test func `a picture is judged by its content and its size`() throws {
    func problems(_ photo: Data) throws -> [PackProblem] {
        try withTemporaryFolder { folder in
            let copy = folder.appendingPathComponent("pack")
            try FileManager.default.copyItem(at: nanchang, to: copy)
            try photo.write(to: copy.appendingPathComponent("prize-rice.png"))
            return PackFolder.read(copy).problems
        }
    }
    let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0])

    #expect(try problems(jpeg).isEmpty)
    #expect(try problems(jpeg + Data(count: 48 * 1_024 - 4)).isEmpty)
    #expect(try problems(jpeg + Data(count: 48 * 1_024 - 3)).map(\.kind) == [.badPhoto])
    #expect(try problems(Data("GIF89a".utf8)).map(\.kind) == [.badPhoto])
}

@Test func `a pack does without prizes and stations`() throws {
    let reading = try readNanchang(after: [.remove(.prizes), .remove(.stations), .remove(.care)])

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.pack?.points?.prizes == nil && reading.pack?.points?.stations == nil)
    #expect(reading.contents.prizes == 0 && reading.contents.stations == 0)
    #expect(reading.pack?.care == nil && reading.contents.careItems == 0)
}

@Test func `what everybody may know of the demo pack is its names and services, and nobody who works there`() throws {
    let demo = try PackFolder.load(nanchang)
    let (_, activation) = try PackTransport.messages(for: demo)

    let open = OpenReferenceState(demo, hash: activation.packHash)
    let text = String(decoding: try ContractCoding.encode(open), as: UTF8.self)

    #expect(open.communities.map(\.name) == demo.communities.map(\.name))
    #expect(open.stations.count == 4 && open.careItems.count == 14 && open.teams.count == 2)
    let teams = demo.points?.teams ?? []
    let people =
        demo.people.map(\.id) + teams.flatMap { [$0.leaderId] + $0.memberIds }
        + (demo.points?.stations ?? []).flatMap(\.staffIds)
    #expect(people.count > 20)
    #expect(people.filter { text.contains($0.rawValue) } == [])
}
