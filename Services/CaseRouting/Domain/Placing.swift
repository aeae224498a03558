package import Contracts
import Geography

/// A case near a report, as much of it as a store knows without opening it.
package struct Neighbour: Sendable, Equatable {
    package let id: CaseID
    package let category: CategoryCode
    package let location: Location
    package let openedAt: Timestamp
    /// Nil while it is open.
    package let closedAt: Timestamp?

    package init(
        id: CaseID, category: CategoryCode, location: Location, openedAt: Timestamp, closedAt: Timestamp? = nil
    ) {
        self.id = id
        self.category = category
        self.location = location
        self.openedAt = openedAt
        self.closedAt = closedAt
    }
}

/// Where a report goes.
package enum Placement: Sendable, Equatable {
    case joins(FoundCase)
    /// Into a case that was closed, which it opens once more.
    case reopens(FoundCase)
    case opens(Discovery)
}

/// A case that a report, or another case, may belong to, and why.
package struct FoundCase: Sendable, Equatable {
    package let `case`: Case
    /// In whole centimetres.
    package let distance: Int
    package let match: CaseMatch
}

/// What was found of a report that opens a case of its own.
package struct Discovery: Sendable, Equatable {
    /// The closed case of the same problem.
    package var recurrenceOf: CaseID?
    /// Cases that may be the same, the most like first.
    package var proposed: [CaseCourse.Proposal] = []
    /// The number of a case elsewhere that has one of its photos.
    package var photoOf: String?

    package init() {}
}

/// How far a report is looked into.
package enum Placing {
    /// So many cases are opened to look at their photos and reporters.
    package static let mostOpened = 8
    /// So many are proposed to the dispatcher.
    package static let mostProposed = 3
}

/// Finds the case that a report belongs to: the most like one that is certain, among the open ones first.
///
/// Of equally like ones the nearer, then the older, then the one with the lower id.
///
/// - Parameters:
///   - samePhoto: the cases that have one of its photos, wherever they are.
///   - finding: opens a case of this store.
package func place(
    _ arriving: ArrivingReport, as category: CategoryCode, among neighbours: [Neighbour], samePhoto: [CaseID],
    by rules: MatchRules, at now: Timestamp, finding: (CaseID) throws -> Case?
) rethrows -> Placement {
    guard arriving.mayJoin else { return .opens(Discovery()) }
    let search = MatchSearch(arriving: arriving, category: category, rules: rules, now: now)
    var candidates: [FoundCase] = []
    for id in search.worthOpening(neighbours) {
        if let found = try finding(id), let candidate = search.candidate(found) { candidates.append(candidate) }
    }
    var discovery = Discovery()
    for id in samePhoto where !candidates.contains(where: { $0.case.id == id }) {
        guard let found = try finding(id), found.communityId == arriving.communityId else { continue }
        if let candidate = search.candidate(found) {
            candidates.append(candidate)
        } else if search.isElsewhere(found), discovery.photoOf == nil {
            discovery.photoOf = found.number
        }
    }
    return search.choose(among: candidates, discovery)
}

/// One report in search of its case.
private struct MatchSearch {
    let arriving: ArrivingReport
    let category: CategoryCode
    let rules: MatchRules
    let now: Timestamp

    private func distance(to location: Location) -> Int? { arriving.report.location.distance(to: location) }

    /// The ids of the neighbours that may come to anything, the most promising first.
    func worthOpening(_ neighbours: [Neighbour]) -> [CaseID] {
        let least = min(rules.certain, rules.doubtful) - rules.mostBesides
        let ranked: [Ranked] = neighbours.compactMap { neighbour in
            guard let distance = distance(to: neighbour.location), isStillOfUse(neighbour.closedAt) else { return nil }
            let likeness = Likeness(
                distance: distance, kinship: category.kinship(with: neighbour.category),
                apart: now.apart(from: neighbour.closedAt ?? neighbour.openedAt))
            let score = likeness.match(by: rules).score
            guard rules.isWithin(likeness), score >= least else { return nil }
            return Ranked(
                id: neighbour.id, score: score, distance: distance, openedAt: neighbour.openedAt,
                isClosed: neighbour.closedAt != nil)
        }
        return ranked.sorted().prefix(Placing.mostOpened).map(\.id)
    }

    /// The case with its score; nil where it is none that the report could be of.
    func candidate(_ found: Case) -> FoundCase? {
        guard found.takesReports || found.stage.closedAt != nil, isStillOfUse(found.stage.closedAt),
            let distance = distance(to: found.location)
        else { return nil }
        let likeness = Likeness(
            distance: distance, kinship: category.kinship(with: found.category),
            apart: now.apart(from: found.lastKnown), look: PhotoLook.leastDifference(arriving.looks, found.looks),
            sameReporter: found.reports.contains { $0.reporterId == arriving.report.reporterId })
        guard rules.isWithin(likeness) else { return nil }
        return FoundCase(case: found, distance: distance, match: likeness.match(by: rules))
    }

    func isElsewhere(_ found: Case) -> Bool { distance(to: found.location).map { $0 >= rules.reach } ?? true }

    private func isStillOfUse(_ closedAt: Timestamp?) -> Bool {
        guard let closedAt else { return true }
        return rules.closed != nil && now <= closedAt.adding(milliseconds: rules.closedWindow)
    }

    func choose(among candidates: [FoundCase], _ found: Discovery) -> Placement {
        let ranked = candidates.sorted { Ranked($0) < Ranked($1) }
        let certain = ranked.filter { verdict($0) == .certain }
        if let open = certain.first(where: { $0.case.isOpen }) { return .joins(open) }
        var discovery = found
        if let closed = certain.first {
            if rules.closed == .reopen, closed.case.hasRoom { return .reopens(closed) }
            discovery.recurrenceOf = closed.case.id
        }
        discovery.proposed = ranked.filter { verdict($0) == .doubtful }.prefix(Placing.mostProposed).map {
            CaseCourse.Proposal(caseId: $0.case.id, match: $0.match)
        }
        return .opens(discovery)
    }

    private func verdict(_ found: FoundCase) -> MatchVerdict {
        rules.verdict(
            Likeness(
                distance: found.distance, kinship: category.kinship(with: found.case.category),
                apart: now.apart(from: found.case.lastKnown)), score: found.match.score)
    }
}

/// The order of cases by how like they are.
private struct Ranked: Comparable {
    let id: CaseID
    let score: Int
    let distance: Int
    let openedAt: Timestamp
    let isClosed: Bool

    init(id: CaseID, score: Int, distance: Int, openedAt: Timestamp, isClosed: Bool) {
        self.id = id
        self.score = score
        self.distance = distance
        self.openedAt = openedAt
        self.isClosed = isClosed
    }

    init(_ found: FoundCase) {
        self.init(
            id: found.case.id, score: found.match.score, distance: found.distance, openedAt: found.case.openedAt,
            isClosed: !found.case.isOpen)
    }

    static func < (left: Ranked, right: Ranked) -> Bool {
        if left.score != right.score { return left.score > right.score }
        if left.isClosed != right.isClosed { return right.isClosed }
        if left.distance != right.distance { return left.distance < right.distance }
        if left.openedAt != right.openedAt { return left.openedAt < right.openedAt }
        return left.id < right.id
    }
}

extension Location {
    /// In whole centimetres; nil where one is no place on earth.
    func distance(to other: Location) -> Int? {
        guard let here = Place(latitudeE7: latitudeE7, longitudeE7: longitudeE7),
            let there = Place(latitudeE7: other.latitudeE7, longitudeE7: other.longitudeE7)
        else { return nil }
        return Geography.distance(from: here, to: there)
    }
}

extension Case {
    /// From when its distance in time is counted: its opening or, once it is closed, its closing.
    var lastKnown: Timestamp { stage.closedAt ?? openedAt }
}

extension Timestamp {
    /// Milliseconds between the two, whichever is first.
    func apart(from other: Timestamp) -> Int64 { abs(milliseconds - other.milliseconds) }
}
