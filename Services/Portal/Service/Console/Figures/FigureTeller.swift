import Contracts
import WorkingTime

/// Tells figures to people: rates with their samples, and a table for everything that is drawn.
struct FigureTeller {
    let figures: Figures
    let wish: FigureWish
    let frame: Frame
    let visit: Visit
    let now: Timestamp

    /// The rates of the comparison.
    private static let compared: [Rate] = [.response, .solution, .satisfaction, .onTime, .rework, .return]

    private var rates: RateTeller {
        RateTeller(frame: frame, language: visit.language, minimumSample: figures.minimumSample)
    }

    var page: [String: Any] {
        let together = figures.counts()
        let scope = wish.scope
        let open = backlog()
        var page: [String: Any] = [
            "hasCharts": frame.assets.hasCharts, "place": placeName, "from": scope.first, "until": scope.last,
            "asOf": LocalTime(figures.pack).clock(now), "minimum": figures.minimumSample, "periods": periods,
            "isQuiet": figures.opened() == 0 && together.isEmpty,
        ]
        page["communities"] = choices(communityNames, wish.communityId)
        page["units"] = choices(unitNames, wish.unitId)
        page["threeRates"] = [Rate.response, .solution, .satisfaction].map {
            rates.card($0, together, before: figures.before)
        }
        page["otherRates"] = [Rate.onTime, .return, .rework, .reopen, .checkIn].map {
            rates.card($0, together, before: figures.before)
        }
        page["openedInAll"] = figures.opened()
        page["closedInAll"] = together[.closed]
        page["days"] = days
        page["ages"] = ages
        page["openInAll"] = open.cases
        page["overdueInAll"] = open.overdue
        page["weekdays"] = weekdays
        page["hourRows"] = hourRows
        page["busiest"] = busiest
        page["categories"] = categories
        page["hasCategories"] = !figures.categories.isEmpty
        if wish.communityId == nil, communityNames.count > 1 {
            page["comparesCommunities"] = true
            page["byCommunity"] = comparison("community", communityNames) { $0.communityId }
        }
        if wish.unitId == nil {
            page["comparesUnits"] = true
            page["byUnit"] = comparison("unit", unitNames) { $0.unitId }
        }
        return page
    }

    // MARK: - Comparison

    /// One line of a comparison.
    private struct Compared {
        let id: String
        let name: String
        /// Whether there is such a community or unit in the pack, so that it can be asked for.
        let isKnown: Bool
        let counts: RateCounts
        let opened: Int
        let open: Figures.Backlog
    }

    /// Ranked by what is done on time; whoever has too small a sample for that stands below, by name.
    private func comparison(
        _ parameter: String, _ names: [(id: String, name: String)], by key: (Figures.Place) -> String
    ) -> [[String: Any]] {
        let known = Set(names.map { $0.id })
        let found = Set(figures.counts.keys.map(key) + figures.opened.keys.map(key) + figures.backlog.keys.map(key))
        let others = found.subtracting(known).sorted().map { (id: $0, name: $0.isEmpty ? word("no-unit") : $0) }
        let rows = (names + others).filter { found.contains($0.id) }.map { entry in
            Compared(
                id: entry.id, name: entry.name, isKnown: known.contains(entry.id),
                counts: figures.counts { key($0) == entry.id }, opened: figures.opened { key($0) == entry.id },
                open: backlog { key($0) == entry.id })
        }
        return rows.sorted { (rank($1.counts), $0.name) < (rank($0.counts), $1.name) }.map { row in
            [
                "rowName": row.name, "rowPath": row.isKnown ? path(parameter, row.id) : "", "rowOpened": row.opened,
                "rowOpen": row.open.cases, "rowRates": Self.compared.map { cell($0, row.counts) },
            ]
        }
    }

    private func rank(_ counts: RateCounts) -> Int {
        Rate.onTime.permille(of: counts, minimumSample: figures.minimumSample) ?? -1
    }

    private func cell(_ rate: Rate, _ counts: RateCounts) -> [String: Any] {
        let isRanked = rate == .onTime && rank(counts) >= 0
        let sample = rate.sample(of: counts)
        return [
            "cellName": word("rate-\(rate.rawValue)"), "cellValue": rates.value(rate, counts),
            "cellSample": sample >= figures.minimumSample ? "\(sample)" : "", "isRanked": isRanked,
            "drawn": isRanked ? RateTeller.tenths(rank(counts)) : "",
        ]
    }

    // MARK: - Backlog, days, hours, categories

    private func backlog(where fits: (Figures.Place) -> Bool = { _ in true }) -> Figures.Backlog {
        figures.backlog(where: fits).values.reduce(into: Figures.Backlog()) {
            $0.cases += $1.cases
            $0.overdue += $1.overdue
        }
    }

    private var ages: [[String: Any]] {
        let backlog = figures.backlog()
        return Figures.Age.allCases.map { age in
            let there = backlog[age] ?? Figures.Backlog()
            return [
                "ageName": word("age-\(age.rawValue)"), "ageInTime": there.cases - there.overdue,
                "ageOverdue": there.overdue, "ageAll": there.cases,
            ]
        }
    }

    private var days: [[String: Any]] {
        figures.days.map {
            ["day": $0.day, "shortDay": String($0.day.suffix(5)), "opened": $0.opened, "closed": $0.closed]
        }
    }

    private var weekdays: [[String: Any]] {
        Weekday.allCases.map { ["weekday": word($0.rawValue), "weekdayShort": word("short-\($0.rawValue)")] }
    }

    /// A row for each hour, so that a phone shows all of it.
    private var hourRows: [[String: Any]] {
        let most = figures.hours.joined().max() ?? 0
        return (0..<24).map { hour in
            [
                "hour": "\(hour < 10 ? "0" : "")\(hour):00", "hourAll": figures.hours.reduce(0) { $0 + $1[hour] },
                "hourCells": Weekday.allCases.indices.map { day in
                    let cases = figures.hours[day][hour]
                    return [
                        "heat": most == 0 || cases == 0 ? 0 : 1 + (cases - 1) * 5 / most, "heatCases": cases,
                    ] as [String: Any]
                },
            ]
        }
    }

    /// The hour of the week with the most reports, in words.
    private var busiest: String {
        guard let most = figures.hours.joined().max(), most > 0,
            let day = figures.hours.firstIndex(where: { $0.contains(most) }),
            let hour = figures.hours[day].firstIndex(of: most)
        else { return "" }
        return word(
            "busiest-is",
            ["weekday": word(Weekday.allCases[day].rawValue), "hour": "\(hour):00–\(hour + 1):00", "cases": "\(most)"])
    }

    /// The twelve most frequent, and all others together.
    private var categories: [[String: Any]] {
        let all = max(figures.categories.reduce(0) { $0 + $1.opened }, 1)
        let teller = CaseTeller(frame: frame, pack: figures.pack, visit: visit, now: now)
        let shown = figures.categories.prefix(12).map { (teller.category($0.code), $0.opened) }
        let rest = figures.categories.dropFirst(12).reduce(0) { $0 + $1.opened }
        return (shown + (rest > 0 ? [(word("others"), rest)] : [])).map { name, opened in
            [
                "categoryName": name, "categoryOpened": opened,
                "categoryShare": RateTeller.tenths((opened * 2_000 + all) / (all * 2)) + "%",
            ]
        }
    }

    // MARK: - Choices

    private var communityNames: [(id: String, name: String)] {
        (figures.pack?.communities ?? []).map { ($0.id.rawValue, $0.name) }
    }

    private var unitNames: [(id: String, name: String)] {
        (figures.pack?.units ?? []).map { ($0.id.rawValue, $0.name) }
    }

    private var placeName: String {
        let community = communityNames.first { $0.id == wish.communityId }?.name
        let unit = unitNames.first { $0.id == wish.unitId }?.name
        let names = [community, unit].compactMap(\.self)
        return names.isEmpty ? figures.pack?.title ?? "" : names.joined(separator: " · ")
    }

    private func choices(_ names: [(id: String, name: String)], _ chosen: String?) -> [[String: Any]] {
        names.map { ["choiceId": $0.id, "choiceName": $0.name, "isChosen": $0.id == chosen] }
    }

    private var periods: [[String: Any]] {
        let spans =
            FigureSpan.choices.map { ("\($0)", word("last-days", ["days": "\($0)"])) }
            + FigureSpan.months(upTo: wish.today).map { ($0, $0) }
        let others = spans.contains { $0.0 == wish.span.text } ? [] : [(wish.span.text, wish.span.text)]
        return (spans + others).map { ["choiceId": $0.0, "choiceName": $0.1, "isChosen": $0.0 == wish.span.text] }
    }

    /// The same page of one community or unit.
    private func path(_ parameter: String, _ id: String) -> String {
        var query = [
            "community": wish.communityId, "unit": wish.unitId, "period": wish.span.text,
        ].compactMapValues(\.self)
        query[parameter] = id
        return "/console/figures?"
            + query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    private func word(_ name: String, _ values: [String: String] = [:]) -> String {
        frame.words.text("figures.\(name)", visit.language, values)
    }
}
