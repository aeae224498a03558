/// How the loop of a case runs where the pack says so: windows, warnings, and who must look next.
package struct PackLoop: Codable, Sendable, Equatable {
    /// After closing a reporter may open a case once more for so many natural days; absent for 15.
    package let reopenDays: Int?
    /// After so many returns a case goes up a level by itself; absent for 2.
    package let returnsBeforeLevelUp: Int?
    /// How long a reporter who was asked may take to answer, such as `3n`; absent for that.
    package let replyLimit: String?
    /// When a warning is sounded, in thousandths of the time given; absent for 800.
    package let nearDue: Int?
    /// Whether work is handed in with pictures of it; absent where they are optional.
    package let needsAfterPhotos: Bool?
    /// The levels above the handler, from the unit head up; empty where nothing escalates.
    package let ladder: [PackLevel]

    package init(
        reopenDays: Int? = nil, returnsBeforeLevelUp: Int? = nil, replyLimit: String? = nil, nearDue: Int? = nil,
        needsAfterPhotos: Bool? = nil, ladder: [PackLevel] = []
    ) {
        self.reopenDays = reopenDays
        self.returnsBeforeLevelUp = returnsBeforeLevelUp
        self.replyLimit = replyLimit
        self.nearDue = nearDue
        self.needsAfterPhotos = needsAfterPhotos
        self.ladder = ladder
    }
}

/// A level of the escalation ladder: unit head, street, district.
package struct PackLevel: Codable, Sendable, Equatable {
    package let name: String
    package let englishName: String
    /// How long after the deadline, or after the level before, this one must look, such as `4w`.
    package let after: String
    /// The unit that looks; absent for the one that owns the case.
    package let unitId: UnitID?

    package init(name: String, englishName: String, after: String, unitId: UnitID?) {
        self.name = name
        self.englishName = englishName
        self.after = after
        self.unitId = unitId
    }
}
