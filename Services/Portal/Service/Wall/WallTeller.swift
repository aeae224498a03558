import Contracts
import Foundation
import ServiceKit

/// Tells the board's figures in the words of a language, for ``WallRoutes``: nothing of people, words or exact places.
struct WallTeller {
    /// So many steps at most: what does not fit on the screen is cut off at its foot.
    private static let mostSteps = 12

    let frame: Frame
    let figures: BoardFigures
    let visit: Visit
    let now: Timestamp

    private var pack: Pack? { figures.pack }
    private var time: LocalTime { LocalTime(pack) }
    private var teller: CaseTeller { CaseTeller(frame: frame, pack: pack, visit: visit, now: now) }

    /// What `wall-live.mustache` shows.
    var live: [String: Any] {
        let view = BoardView(figures)
        return [
            "version": frame.assets.version, "counters": counters(view.counters), "flow": flow(view.columns),
            "map": map(view),
            "hasSteps": !figures.steps.isEmpty, "steps": figures.steps.prefix(Self.mostSteps).map(step),
        ]
    }

    /// What is around it.
    var page: [String: Any] {
        live.merging([
            "place": pack?.title ?? "", "offset": String(time.offsetMinutes), "clock": time.clock(now),
            "day": time.day(now),
        ]) { $1 }
    }

    private func counters(_ counters: BoardView.Counters) -> [[String: Any]] {
        func counter(_ key: String, _ value: Int, _ tone: String) -> [String: Any] {
            [
                "key": key, "label": word("wall.\(key)"), "value": String(value), "tone": tone,
                "isLong": String(value).count > 5,
            ]
        }
        return [
            counter("open", counters.open, "filed"),
            counter("overdue", counters.overdue, counters.overdue > 0 ? "overdue" : "calm"),
            counter("opened-today", counters.openedToday, "opened"),
            counter("closed-today", counters.closedToday, "closed"),
            counter("points", counters.pointsPaid, "points"),
        ]
    }

    /// One bar for each stage; the longest fills the row.
    private func flow(_ columns: [BoardView.Column]) -> [[String: Any]] {
        let most = max(columns.map(\.count).max() ?? 0, 1)
        return columns.map { column in
            [
                "tone": column.stage.rawValue, "label": word("stage.\(column.stage.rawValue)"),
                "count": String(column.count), "isToday": column.stage == .closed,
                "length": String(column.count * 100 / most),
            ]
        }
    }

    private func map(_ view: BoardView) -> String {
        let places = Dictionary(grouping: view.map, by: \.location)
        let dots = places.sorted { ($0.key.latitudeE7, $0.key.longitudeE7) < ($1.key.latitudeE7, $1.key.longitudeE7) }
            .map { CommunityMap.Dot(location: $0.key, cases: $0.value.count, tone: Self.tone(of: $0.value)) }
        return CommunityMap(
            communities: pack?.communities ?? [],
            counts: view.communities.reduce(into: [:]) { $0[$1.communityId] = $1.open }, dots: dots,
            label: word("wall.map-label"), unit: word("wall.cases")
        ).svg?.text ?? ""
    }

    private static func tone(of cases: [BoardView.Dot]) -> String {
        if cases.contains(where: \.isOverdue) { return "overdue" }
        let stages = Set(cases.map(\.stage))
        return (BoardStages.shown.first { stages.contains($0) } ?? .opened).rawValue
    }

    private func step(_ step: CaseStep) -> [String: Any] {
        let shown = PublicStep(step.event)
        let key = "wall-step.\(shown.type)"
        let known = word(key)
        return [
            "id": String(step.sequence), "tone": StepWords.tone(shown.type),
            "said": known == key ? word("wall-step.other") : known, "category": teller.category(shown.category),
            "community": name(of: shown.communityId), "number": shown.caseNumber,
            "time": time.short(shown.at, now: now), "timeISO": shown.at.description,
        ]
    }

    private func name(of id: CommunityID) -> String {
        if id == .unassigned { return word("wall.unassigned") }
        return pack?.communities.first { $0.id == id }?.name ?? id.rawValue
    }

    private func word(_ key: String) -> String { frame.words.text(key, visit.language) }
}
