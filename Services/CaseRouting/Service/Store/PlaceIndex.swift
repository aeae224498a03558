import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB

/// Where the cases are that a report may belong to: open ones, and for a while the closed ones.
///
/// `casePlace` is the machine's; `casePlaceTree` follows from it, row by row, and answers which are near. The tree's inner
/// order hangs on its past, so nothing is decided by the order in which it answers, and nothing by what it leaves out.
struct PlaceIndex {
    let db: Database

    /// So many cases are looked at for one report and kind, however many there are.
    static let mostLookedAt = 200
    /// So many whose time is over are cleared away with each case that comes in.
    private static let mostCleared = 4

    /// Takes a case in, moves it to the closed ones, or takes it out.
    func keep(_ new: Case, insteadOf old: Case?) throws {
        let entry = Entry(new)
        guard entry != old.flatMap(Entry.init) else { return }
        let number = try old == nil ? nil : self.number(of: new.id)
        switch (number, entry) {
        case (nil, nil): return
        case (nil, let entry?): try insert(entry)
        case (let number?, nil): try delete(number)
        case (let number?, let entry?): try update(number, to: entry)
        }
    }

    private func number(of id: CaseID) throws -> Int? {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT number FROM casePlace WHERE caseId = ?"), arguments: [id.rawValue])
    }

    private func insert(_ entry: Entry) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO casePlace (caseId, communityId, category, latitudeE7, longitudeE7, openedAt, closedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.id.rawValue, entry.communityId.rawValue, entry.category.rawValue, entry.location.latitudeE7,
            entry.location.longitudeE7, entry.openedAt.milliseconds, entry.closedAt?.milliseconds,
        ])
        try plant(entry, as: Int(db.lastInsertedRowID))
    }

    private func update(_ number: Int, to entry: Entry) throws {
        try db.cachedStatement(sql: "UPDATE casePlace SET category = ?, closedAt = ? WHERE number = ?")
            .execute(arguments: [entry.category.rawValue, entry.closedAt?.milliseconds, number])
        try fell(number)
        try plant(entry, as: number)
    }

    private func delete(_ number: Int) throws {
        try db.cachedStatement(sql: "DELETE FROM casePlace WHERE number = ?").execute(arguments: [number])
        try fell(number)
    }

    private func plant(_ entry: Entry, as number: Int) throws {
        try db.cachedStatement(sql: "INSERT INTO casePlaceTree VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?5, ?1, ?1)")
            .execute(arguments: [
                number, entry.location.latitudeE7, entry.location.longitudeE7, entry.kind * 2, entry.kind * 2 + 1,
            ])
    }

    private func fell(_ number: Int) throws {
        try db.cachedStatement(sql: "DELETE FROM casePlaceTree WHERE number = ?").execute(arguments: [number])
    }

    /// Clears away some of the closed cases that nobody may open any more, the oldest first.
    func clear(closedBefore moment: Timestamp) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT number FROM casePlace WHERE closedAt < ? ORDER BY closedAt, number LIMIT ?")
        for number in try Int.fetchAll(statement, arguments: [moment.milliseconds, Self.mostCleared]) {
            try delete(number)
        }
    }
}

extension PlaceIndex {
    /// A case as it stands in the index.
    private struct Entry: Equatable {
        let id: CaseID
        let communityId: CommunityID
        let category: CategoryCode
        let location: Location
        let openedAt: Timestamp
        let closedAt: Timestamp?

        /// Nil for a case that no report can come to any more, or that is nowhere on earth.
        init?(_ found: Case) {
            guard found.takesReports || found.stage.closedAt != nil,
                (-900_000_000...900_000_000).contains(found.location.latitudeE7),
                (-1_800_000_000...1_800_000_000).contains(found.location.longitudeE7)
            else { return nil }
            id = found.id
            communityId = found.communityId
            category = found.category
            location = found.location
            openedAt = found.openedAt
            closedAt = found.stage.closedAt
        }

        var kind: Int { PlaceKind.number(of: category, in: communityId, isClosed: closedAt != nil) }
    }
}

/// Community, group and category of a case in one number, so that those of one kind lie side by side.
///
/// Two kinds may share a number; then a few cases more are looked at.
enum PlaceKind {
    private static let codeBits = 11
    private static let groupBits = 18

    static func number(of category: CategoryCode, in community: CommunityID, isClosed: Bool) -> Int {
        let code = hash(category.rawValue) & ((1 << codeBits) - 1)
        return groupStart(of: category, in: community, isClosed: isClosed) | Int(code)
    }

    /// The numbers of all categories of a category's group.
    static func group(of category: CategoryCode, in community: CommunityID, isClosed: Bool) -> ClosedRange<Int> {
        let start = groupStart(of: category, in: community, isClosed: isClosed)
        return start...(start | ((1 << codeBits) - 1))
    }

    private static func groupStart(of category: CategoryCode, in community: CommunityID, isClosed: Bool) -> Int {
        let group = hash("\(community)|\(category.group)") & ((1 << groupBits) - 1)
        return (isClosed ? 1 << (codeBits + groupBits) : 0) | Int(group) << codeBits
    }

    /// FNV-1a, the same on every machine and for ever, its halves folded.
    private static func hash(_ text: String) -> UInt64 {
        let whole = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return whole ^ (whole >> 32)
    }
}
