package import Contracts

/// A small city for tests of what follows from a pack: two communities, two units, a few people and categories.
package enum CitySample {
    /// Monday, 23 November 2026, 09:00 in Nanchang.
    package static let monday = moment("2026-11-23T09:00:00.000+08:00")
    package static let mingdu = CommunityID("mingdu")
    package static let longjiang = CommunityID("longjiang")
    package static let property = UnitID("mingdu-property")
    package static let sanitation = UnitID("sanitation")
    package static let garbage = CategoryCode("E0102")
    package static let parking = CategoryCode("E0506")
    package static let townHall = Location(latitudeE7: 286_829_000, longitudeE7: 1_158_582_000)

    package static func moment(_ text: String) -> Timestamp {
        guard let moment = Timestamp(text) else { preconditionFailure("\(text) is no time") }
        return moment
    }

    package static func pack(
        version: Int = 1, categories: [PackCategory]? = nil, people: [PackPerson]? = nil,
        rules: [PackRoutingRule]? = nil, workingMinutes: [[Int]] = [[540, 720], [780, 1_080]],
        units: [PackUnit]? = nil, loop: PackLoop? = nil, matching: PackMatching? = nil
    ) -> Pack {
        let week = Array(repeating: workingMinutes, count: 5) + [[], []]
        return Pack(
            name: "sample", title: "样例", version: version,
            calendar: PackCalendar(
                utcOffsetMinutes: 480, workingMinutes: week, holidays: ["2026-10-01"], makeUpDays: ["2026-10-10"]),
            communities: [
                PackCommunity(id: mingdu, name: "名都", ledgerId: "gaoxin", caseNumberPrefix: "MD", outline: []),
                PackCommunity(id: longjiang, name: "龙江", ledgerId: "gaoxin", caseNumberPrefix: "LJ", outline: []),
            ],
            units: units ?? [PackUnit(id: property, name: "名都物业"), PackUnit(id: sanitation, name: "环卫")],
            people: people ?? self.people, categories: categories ?? self.categories, routingRules: rules ?? self.rules,
            pointRules: [], templates: [], webhooks: [], mergeDistance: 5_000, loop: loop,
            matching: matching)
    }

    package static let people = [
        worker("worker-b", of: property, in: []), worker("worker-a", of: property, in: [mingdu]),
        worker("worker-c", of: property, in: [longjiang]), worker("sweeper", of: sanitation, in: []),
        PackPerson(id: "checker", roles: ["verifier"], unitId: nil, communityIds: []),
        PackPerson(id: "desk", roles: ["dispatcher"], unitId: nil, communityIds: []),
    ]

    package static let categories = [
        category("E0102", limit: "4w", keywords: ["垃圾", "garbage"]),
        category("E0506", limit: "2w", keywords: ["电动车", "乱停", "垃圾"]),
        category("P0101", limit: "24e", keywords: ["井盖", "垃圾桶旁井盖"], repairLimit: "72e"),
        category("S0105", limit: "1d", keywords: []),
        category("D0103", kind: .request, limit: "7n", keywords: ["投诉"]),
    ]

    package static let rules = [
        PackRoutingRule(id: "R1", categories: [garbage], communityIds: [mingdu], kind: nil, unitId: property),
        PackRoutingRule(id: "R2", categories: [garbage, "P0101"], communityIds: [], kind: nil, unitId: sanitation),
        PackRoutingRule(id: "R3", categories: [], communityIds: [], kind: .request, unitId: sanitation),
    ]

    package static func worker(_ id: PersonID, of unit: UnitID, in communities: [CommunityID]) -> PackPerson {
        PackPerson(id: id, roles: ["worker"], unitId: unit, communityIds: communities)
    }

    package static func category(
        _ code: CategoryCode, kind: ReportKind = .snapshot, limit: String, keywords: [String],
        dispatchLimit: String? = nil, verifyLimit: String? = nil, repairLimit: String? = nil
    ) -> PackCategory {
        PackCategory(
            code: code, name: "类别 \(code)", englishName: "Category \(code)", kind: kind, filingLimit: "2w",
            handlingLimit: limit, keywords: keywords, gbCode: nil, gbVerified: false, dispatchLimit: dispatchLimit,
            verifyLimit: verifyLimit, repairLimit: repairLimit)
    }

    package static func report(
        _ id: ReportID = "report-1", from reporter: PersonID = "rider-1", in community: CommunityID = mingdu,
        kind: ReportKind = .snapshot, category: CategoryCode? = garbage, saying text: String = "楼下一堆垃圾",
        at location: Location = townHall, submittedAt: Timestamp = monday.adding(milliseconds: -500),
        photos: [ReportPhoto]? = nil, voiceNotes: [VoiceNote]? = nil, nearest: NearestCommunity? = nil,
        supports: CaseID? = nil
    ) -> ReportSubmitted {
        ReportSubmitted(
            reportId: id, communityId: community, kind: kind, category: category, description: text,
            location: location, address: "3 栋门口", observedAt: nil, submittedAt: submittedAt, reporterId: reporter,
            channel: "app", photos: photos, voiceNotes: voiceNotes, nearestCommunity: nearest, supports: supports)
    }

    /// A voice note of its own for each number, so many seconds long.
    package static func voice(_ number: Int) -> VoiceNote {
        VoiceNote(id: VoiceNoteID(PlatformKey.hash(of: "voice \(number)")), seconds: number)
    }

    /// What the reporter, or who else is named, does with a report, so many milliseconds after it was sent.
    package static func amendment(
        _ amendment: Amendment, of report: ReportSubmitted = report(), by actor: PersonID? = nil,
        text: String? = "照片更清楚",
        address: String? = nil, photos: [ReportPhoto]? = nil, externalStatus: String? = nil, after: Int64 = 60_000
    ) -> ReportAmended {
        ReportAmended(
            reportId: report.reportId, communityId: report.communityId, amendment: amendment, text: text,
            address: address, photos: photos, externalStatus: externalStatus, actorId: actor ?? report.reporterId,
            submittedAt: report.submittedAt.adding(milliseconds: after))
    }

    /// A photo of its own for each number.
    package static func photo(_ number: Int, look: String = "7c3e1f0f870783c1") -> ReportPhoto {
        ReportPhoto(id: PhotoID(PlatformKey.hash(of: "photo \(number)")), look: look)
    }

    /// Somebody with a role.
    package static func actor(_ id: PersonID, _ roles: String...) -> Actor { Actor(personId: id, roles: roles) }

    package static let desk = actor("desk", "dispatcher")
    package static let checker = actor("checker", "verifier")
    package static let boss = actor("boss", "admin")
}

extension Location {
    /// So many units of 1e-7 degrees north: 1.11 cm each.
    package func north(_ units: Int) -> Location {
        Location(latitudeE7: latitudeE7 + units, longitudeE7: longitudeE7)
    }

    package func east(_ units: Int) -> Location {
        Location(latitudeE7: latitudeE7, longitudeE7: longitudeE7 + units)
    }
}
