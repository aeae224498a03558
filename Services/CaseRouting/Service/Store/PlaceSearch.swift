import CaseRoutingDomain
import Contracts
import GRDB

/// The cases near a place that a report may belong to.
///
/// Of more than `PlaceIndex.mostLookedAt` of a kind the box is halved until it holds no more. Where that leaves none, since
/// they stand side by side, the ones that came last are looked at. Each step asks only whether there are more than that
/// many, so the work is the same for a thousand neighbours and for a million.
struct PlaceSearch {
    let db: Database
    let communityId: CommunityID
    let location: Location
    /// In whole centimetres.
    let reach: Int
    private let most = PlaceIndex.mostLookedAt

    /// How many rows of the tree were looked at so far, for the tests.
    private(set) var lookedAt = 0

    init(_ db: Database, in communityId: CommunityID, around location: Location, reach: Int) {
        self.db = db
        self.communityId = communityId
        self.location = location
        self.reach = reach
    }

    /// Of the category itself, and if wanted of the others of its group and of those that were closed.
    ///
    /// In the order of their numbers.
    mutating func find(_ category: CategoryCode, andAlike: Bool, andClosed: Bool) throws -> [Neighbour] {
        var found: [Neighbour] = []
        for isClosed in andClosed ? [false, true] : [false] {
            let kind = PlaceKind.number(of: category, in: communityId, isClosed: isClosed)
            found += try neighbours(kind...kind).filter { $0.category == category }
            guard andAlike else { continue }
            let group = PlaceKind.group(of: category, in: communityId, isClosed: isClosed)
            for rest in [group.lowerBound..<kind, (kind + 1)..<(group.upperBound + 1)] where !rest.isEmpty {
                found += try neighbours(rest.lowerBound...(rest.upperBound - 1)).filter {
                    $0.category.group == category.group
                }
            }
        }
        return found
    }

    private mutating func neighbours(_ kinds: ClosedRange<Int>) throws -> [Neighbour] {
        var area = Area(box: SearchBox(around: location, reach: reach), kinds: kinds, numbersFrom: 0)
        let found = try read(area)
        guard found.count > most else { return found }
        // Nothing is within a reach of half a centimetre but the place itself.
        var half = reach / 2
        while true {
            var smaller = area
            smaller.box = SearchBox(around: location, reach: half)
            let count = try self.count(smaller)
            if count == 0 { break }
            area = smaller
            if count <= most { return try read(area) }
            if half == 0 { break }
            half /= 2
        }
        area.numbersFrom = try latest(in: area)
        return try read(area)
    }

    /// The number from which on there are just so many as may be looked at.
    private mutating func latest(in area: Area) throws -> Int {
        let last = try Int.fetchOne(db.cachedStatement(sql: "SELECT MAX(number) FROM casePlace")) ?? 0
        var low = 0
        var high = last + 1
        while low < high {
            let middle = low + (high - low) / 2
            var part = area
            part.numbersFrom = middle
            if try count(part) <= most { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension PlaceSearch {
    /// A part of the tree.
    private struct Area {
        var box: SearchBox
        let kinds: ClosedRange<Int>
        var numbersFrom: Int

        var arguments: StatementArguments {
            [
                box.latitudes.lowerBound, box.latitudes.upperBound, box.longitudes.lowerBound,
                box.longitudes.upperBound, kinds.lowerBound * 2, kinds.upperBound * 2 + 1, numbersFrom,
                PlaceIndex.mostLookedAt + 1,
            ]
        }

        /// `limited` to one more than may be looked at.
        static let inTree = """
            FROM casePlaceTree WHERE maxLatitude >= ?1 AND minLatitude <= ?2 AND maxLongitude >= ?3
                AND minLongitude <= ?4 AND maxKind >= ?5 AND minKind <= ?6 AND maxNumber >= ?7 LIMIT ?8
            """
    }

    static let counting = "SELECT COUNT(*) FROM (SELECT 1 \(Area.inTree))"
    static let reading = """
        SELECT caseId, communityId, category, latitudeE7, longitudeE7, openedAt, closedAt
        FROM (SELECT number AS near \(Area.inTree)) CROSS JOIN casePlace ON casePlace.number = near
        """

    private mutating func count(_ area: Area) throws -> Int {
        let count = try Int.fetchOne(db.cachedStatement(sql: Self.counting), arguments: area.arguments) ?? 0
        lookedAt += count
        return count
    }

    /// One more than may be looked at where there are more; what those are hangs on the tree, so they are not used.
    private mutating func read(_ area: Area) throws -> [Neighbour] {
        let rows = try Row.fetchAll(db.cachedStatement(sql: Self.reading), arguments: area.arguments)
        lookedAt += rows.count
        return rows.filter { $0["communityId"] == communityId.rawValue || rows.count > most }.map { row in
            Neighbour(
                id: CaseID(row["caseId"] as String), category: CategoryCode(row["category"] as String),
                location: Location(latitudeE7: row["latitudeE7"], longitudeE7: row["longitudeE7"]),
                openedAt: Timestamp(milliseconds: row["openedAt"]),
                closedAt: (row["closedAt"] as Int64?).map(Timestamp.init(milliseconds:)))
        }
    }
}
