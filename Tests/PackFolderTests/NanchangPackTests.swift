import Contracts
import Foundation
import Geography
import PackFolder
import Testing
import WorkingTime

/// The first rule that fits, found without the room's own reckoning.
private func owner(of category: PackCategory, in community: CommunityID, _ pack: Pack) -> UnitID? {
    pack.routingRules.first { rule in
        (rule.categories.isEmpty || rule.categories.contains(category.code))
            && (rule.communityIds.isEmpty || rule.communityIds.contains(community))
            && (rule.kind == nil || rule.kind == category.kind)
    }?.unitId
}

@Test func `the demo pack has nothing wrong with it`() {
    let reading = PackFolder.read(nanchang)

    #expect(reading.problems.isEmpty, "\(PackProblems(reading.problems))")
    #expect(reading.pack?.communities.map(\.id) == ["mingdu", "longjiang", "shangshangcheng", "wuyue"])
    #expect(reading.pack?.mergeDistance == 5_000)
    #expect(reading.contents.communities == 4)
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
    #expect(loop.ladder.map(\.after) == ["2w", "1d", "2d"])
    #expect(loop.ladder.map(\.unitId) == [nil, "subdistrict", "district"])
    #expect(demo.units.filter { $0.superiorId == nil }.map(\.id) == ["district"])
    #expect(demo.units.first { $0.id == "mingdu-property" }?.superiorId == "mingdu-committee")
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
        for category in pack.categories {
            let unit = try #require(owner(of: category, in: community, pack), "\(category.code) in \(community)")
            #expect(pack.units.contains { $0.id == unit })
            #expect(
                pack.people.contains { person in
                    person.roles.contains("worker") && person.unitId == unit
                        && (person.communityIds.isEmpty || person.communityIds.contains(community))
                }, "\(unit) in \(community)")
        }
    }
}

@Test func `garbage in a community is the property company's and a road in it is the city's`() throws {
    let pack = try PackFolder.load(nanchang)
    let garbage = try #require(pack.categories.first { $0.code == "E0102" })
    let road = try #require(pack.categories.first { $0.code == "E0104" })

    #expect(owner(of: garbage, in: "longjiang", pack) == "longjiang-property")
    #expect(owner(of: road, in: "longjiang", pack) == "sanitation")
    #expect(owner(of: garbage, in: .unassigned, pack) == "sanitation")
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

    #expect(calendar.holidays.count == 33)
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
