import Contracts

/// The rates of one period of several communities together: each unit over all communities, each community over all units.
struct RateSums: Codable, Sendable, Equatable {
    struct Community: Codable, Sendable, Equatable {
        let communityId: CommunityID
        /// By the rate of cases closed on time; absent where the sample is too small.
        let rank: Int?
        let rates: [RateTable.Figure]
        let counts: RateCounts
    }

    let period: String
    /// The largest of the communities', should packs have changed between them.
    let minimumSample: Int
    /// By rank, and those without one by id.
    let units: [RateTable.Line]
    let communities: [Community]

    /// Nil for one community alone, of which the table says all.
    init?(_ published: [RatesPublished]) {
        guard published.count > 1, let first = published.first else { return nil }
        period = first.period
        let minimum = published.map(\.minimumSample).max() ?? first.minimumSample
        minimumSample = minimum
        var counts: [UnitID?: RateCounts] = [:]
        for unit in published.flatMap(\.units) { counts[unit.unitId, default: RateCounts()] += unit.counts }
        units = Ranking(counts.map { ($0.key, $0.value) }, minimum: minimum, mayRank: { $0 != nil }) {
            $0?.rawValue ?? ""
        }
        .places.map { RateTable.Line(unitId: $0.item, rank: $0.rank, counts: $0.counts) }
        let sums = published.map { here in
            (here.communityId, here.units.reduce(into: RateCounts()) { $0 += $1.counts })
        }
        communities = Ranking(sums, minimum: minimum, mayRank: { _ in true }) { $0.rawValue }
            .places.map { place in
                Community(
                    communityId: place.item, rank: place.rank, rates: RateTable.figures(of: place.counts),
                    counts: place.counts)
            }
    }

    /// The sums as lines of text, a line for each unit and community: what is ranked by stands in it.
    var lines: [String] {
        ["全部社区 \(period)，按单位 / all communities, by unit"]
            + units.map { line($0.unitId?.rawValue ?? "无单位 / no unit", $0.rank, $0.rates) }
            + ["全部单位 \(period)，按社区 / all units, by community"]
            + communities.map { line($0.communityId.rawValue, $0.rank, $0.rates) }
    }

    private func line(_ name: String, _ rank: Int?, _ rates: [RateTable.Figure]) -> String {
        let figures = rates.filter { $0.sample > 0 }.map(\.text).joined(separator: "; ")
        let note = rank == nil ? "  样本不足 \(minimumSample) / sample too small" : ""
        return "  \(rank.map { "\($0)." } ?? "–") \(name)\(note)  \(figures)"
    }
}

/// Those with enough of a sample by what is on time, then the others by name.
struct Ranking<Item> {
    let places: [(item: Item, counts: RateCounts, rank: Int?)]

    init(
        _ all: [(Item, RateCounts)], minimum: Int, mayRank: (Item) -> Bool, name: (Item) -> String
    ) {
        let named = all.map { (item: $0.0, counts: $0.1, name: name($0.0)) }.sorted { $0.name < $1.name }
        let isRanked = named.map { mayRank($0.item) && Rate.onTime.sample(of: $0.counts) >= minimum }
        let ranked = zip(named, isRanked).filter(\.1).map(\.0).sorted { left, right in
            // As fractions: no rounding makes two equal that are not.
            let here = Rate.onTime.part(of: left.counts) * Rate.onTime.sample(of: right.counts)
            let there = Rate.onTime.part(of: right.counts) * Rate.onTime.sample(of: left.counts)
            return here == there ? left.name < right.name : here > there
        }
        let others = zip(named, isRanked).filter { !$0.1 }.map(\.0)
        places =
            ranked.enumerated().map { ($1.item, $1.counts, $0 + 1) } + others.map { ($0.item, $0.counts, nil) }
    }
}
