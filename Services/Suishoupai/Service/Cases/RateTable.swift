import Contracts

/// The rates of one community in one period, as people compare them.
struct RateTable: Codable, Sendable, Equatable {
    struct Line: Codable, Sendable, Equatable {
        /// Absent for what no unit answers for.
        let unitId: UnitID?
        /// By the rate of cases closed on time; absent where the sample is too small.
        let rank: Int?
        let rates: [Figure]
        let counts: RateCounts
    }

    struct Figure: Codable, Sendable, Equatable {
        let rate: Rate
        let part: Int
        let sample: Int
        /// In thousandths; absent where there is no sample.
        let thousandths: Int?

        init(_ rate: Rate, of counts: RateCounts) {
            self.rate = rate
            part = rate.part(of: counts)
            sample = rate.sample(of: counts)
            thousandths = sample == 0 ? nil : (part * 2_000 / sample + 1) / 2
        }
    }

    let communityId: CommunityID
    let period: String
    let revision: Int
    let minimumSample: Int
    /// By rank, and those without one by id.
    let units: [Line]
    /// All units together.
    let total: [Figure]

    init(_ published: RatesPublished) {
        communityId = published.communityId
        period = published.period
        revision = published.revision
        minimumSample = published.minimumSample
        units = Ranking(
            published.units.map { ($0.unitId, $0.counts) }, minimum: published.minimumSample, mayRank: { $0 != nil }
        ) { $0?.rawValue ?? "" }
        .places.map { Line(unitId: $0.item, rank: $0.rank, counts: $0.counts) }
        var sum = RateCounts()
        for unit in published.units { sum += unit.counts }
        total = Self.figures(of: sum)
    }

    static func figures(of counts: RateCounts) -> [Figure] { Rate.allCases.map { Figure($0, of: counts) } }
}

extension RateTable.Line {
    init(unitId: UnitID?, rank: Int?, counts: RateCounts) {
        self.init(unitId: unitId, rank: rank, rates: RateTable.figures(of: counts), counts: counts)
    }
}

extension RateTable {
    /// The table as lines of text.
    var lines: [String] {
        var lines = ["\(communityId) \(period)（第 \(revision) 版 / revision \(revision)）"]
        for unit in units {
            let place = unit.rank.map { "\($0)." } ?? "–"
            let note = unit.rank == nil ? "  样本不足 \(minimumSample) / sample too small" : ""
            lines.append("  \(place) \(unit.unitId?.rawValue ?? "无单位 / no unit")\(note)")
            lines += unit.rates.filter { $0.sample > 0 }.map { "      \($0.text)" }
        }
        lines.append("  合计 / all units")
        lines += total.filter { $0.sample > 0 }.map { "      \($0.text)" }
        return lines
    }
}

extension RateTable.Figure {
    var text: String {
        let share = thousandths.map { "\($0 / 10).\($0 % 10) %" } ?? "–"
        return "\(rate.chinese) / \(rate.rawValue): \(share) (\(part)/\(sample))"
    }
}
