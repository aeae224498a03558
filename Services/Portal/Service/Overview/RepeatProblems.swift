import Contracts

/// Problems of one kind that came up again and again at one place: clusters of public cases.
///
/// Public places are corners of squares of 0.001 degrees, about a hundred metres, and nobody may be found more exactly
/// than that. So a cluster is the cases of one category in a square and the eight around it, about 300 metres across:
/// bounded, so that one street does not grow into a whole quarter. The fullest such block is taken first, then the
/// fullest of what is left, and so on; no case is in two.
struct RepeatProblem: Sendable, Equatable {
    /// A public case that may belong to a cluster.
    struct Case: Sendable, Equatable {
        let number: String
        let communityId: CommunityID
        let category: CategoryCode
        /// A corner of the squares.
        let location: Location
        let openedAt: Timestamp
        /// Nil where it is not closed.
        let closedAt: Timestamp?
        let reopens: Int
        let reporters: Int
    }

    /// So many cases make a cluster: two may be chance.
    static let fewest = 3

    let category: CategoryCode
    /// The square in the middle.
    let centre: Location
    /// In the order in which they were opened.
    let cases: [Case]

    var firstAt: Timestamp { cases.first?.openedAt ?? Timestamp(milliseconds: 0) }
    var lastAt: Timestamp { cases.last?.openedAt ?? Timestamp(milliseconds: 0) }
    var reporters: Int { cases.reduce(0) { $0 + $1.reporters } }
    var solved: Int { cases.count { $0.closedAt != nil } }
    var communityIds: [CommunityID] { Set(cases.map(\.communityId)).sorted { $0.rawValue < $1.rawValue } }

    /// How often it came again after it had been solved: cases opened once another of the cluster was closed, and
    /// reopenings.
    var cameAgain: Int {
        let firstClosed = cases.compactMap(\.closedAt).min()
        let later = firstClosed.map { closed in cases.count { $0.openedAt > closed } } ?? 0
        return later + cases.reduce(0) { $0 + $1.reopens }
    }

    /// The clusters among cases, what matters most first: by how many cases, then how often it came again after it was
    /// solved, then which is older.
    ///
    /// - Parameter fewest: how many cases make one.
    static func clusters(of cases: [Case], fewest: Int = RepeatProblem.fewest) -> [RepeatProblem] {
        Dictionary(grouping: cases, by: \.category)
            .flatMap { category, cases in
                blocks(of: cases, fewest: max(fewest, 1)).map { square, cases in
                    RepeatProblem(
                        category: category, centre: square.location,
                        cases: cases.sorted { ($0.openedAt, $0.number) < ($1.openedAt, $1.number) })
                }
            }
            .sorted { $0.rank < $1.rank }
    }

    private struct Rank: Comparable {
        let cases: Int
        let cameAgain: Int
        let firstAt: Timestamp
        let category: String
        let square: Square

        static func < (left: Rank, right: Rank) -> Bool {
            (right.cases, right.cameAgain, left.firstAt, left.category, left.square)
                < (left.cases, left.cameAgain, right.firstAt, right.category, right.square)
        }
    }

    private var rank: Rank {
        Rank(
            cases: cases.count, cameAgain: cameAgain, firstAt: firstAt, category: category.rawValue,
            square: Square(centre))
    }
}

// MARK: - Blocks of squares

/// A square of 0.001 degrees.
private struct Square: Hashable, Comparable {
    static let side = 10_000
    let north: Int
    let east: Int

    init(north: Int, east: Int) {
        self.north = north
        self.east = east
    }

    init(_ location: Location) {
        self.init(north: Self.number(location.latitudeE7), east: Self.number(location.longitudeE7))
    }

    /// The nearest corner, so that a place that is rounded already is its own.
    private static func number(_ value: Int) -> Int { Int((Double(value) / Double(side)).rounded()) }

    var location: Location { Location(latitudeE7: north * Self.side, longitudeE7: east * Self.side) }

    /// The square and the eight around it.
    var block: [Square] {
        (-1...1).flatMap { up in (-1...1).map { Square(north: north + up, east: east + $0) } }
    }

    static func < (left: Square, right: Square) -> Bool { (left.north, left.east) < (right.north, right.east) }
}

/// Takes the fullest block first; of equally full ones that with the fullest middle, then the south-western.
///
/// Blocks only grow emptier as others are taken: each waits at the number that it had, and moves down when that is no
/// longer true.
private func blocks(
    of cases: [RepeatProblem.Case], fewest: Int
) -> [(square: Square, cases: [RepeatProblem.Case])] {
    var left = Dictionary(grouping: cases) { Square($0.location) }
    func size(_ square: Square) -> Int { square.block.reduce(0) { $0 + (left[$1]?.count ?? 0) } }
    var waiting = Dictionary(grouping: left.keys, by: size)
    var found: [(square: Square, cases: [RepeatProblem.Case])] = []
    for wanted in stride(from: waiting.keys.max() ?? 0, through: fewest, by: -1) {
        var candidates = waiting.removeValue(forKey: wanted) ?? []
        candidates.sort { one, other in
            let (first, second) = (left[one]?.count ?? 0, left[other]?.count ?? 0)
            return first == second ? one < other : first > second
        }
        for square in candidates where left[square] != nil {
            let now = size(square)
            guard now == wanted else {
                waiting[now, default: []].append(square)
                continue
            }
            found.append((square, square.block.flatMap { left.removeValue(forKey: $0) ?? [] }))
        }
    }
    return found
}
