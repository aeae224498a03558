/// A residential compound 小区: inside it the property company answers, outside it the city's trades do.
package struct PackCompound: Codable, Sendable, Equatable {
    package let id: String
    package let name: String
    package let communityId: CommunityID
    /// Its property company 物业; absent where it has none.
    package let propertyUnitId: UnitID?
    /// As a community's outline.
    package let outline: [[[Int]]]

    package init(id: String, name: String, communityId: CommunityID, propertyUnitId: UnitID?, outline: [[[Int]]]) {
        self.id = id
        self.name = name
        self.communityId = communityId
        self.propertyUnitId = propertyUnitId
        self.outline = outline
    }
}

/// When a worker is on duty 值班.
package struct PackDuty: Codable, Sendable, Equatable {
    package let personId: PersonID
    /// A day such as `2026-11-24`, or a weekday such as `monday` for each of them.
    package let day: String
    /// Minutes after midnight, `[from, to]`; beyond 1440 into the next day.
    package let minutes: [Int]

    package init(personId: PersonID, day: String, minutes: [Int]) {
        self.personId = personId
        self.day = day
        self.minutes = minutes
    }
}

/// A grid 网格: the part of a community that one grid worker 网格员 looks after.
package struct PackGrid: Codable, Sendable, Equatable {
    package let id: GridID
    package let name: String
    package let communityId: CommunityID
    /// Absent where nobody is named.
    package let workerId: PersonID?
    /// As a community's outline.
    package let outline: [[[Int]]]

    package init(id: GridID, name: String, communityId: CommunityID, workerId: PersonID?, outline: [[[Int]]]) {
        self.id = id
        self.name = name
        self.communityId = communityId
        self.workerId = workerId
        self.outline = outline
    }
}
