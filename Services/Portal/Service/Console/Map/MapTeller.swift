import Contracts
import ServiceKit

/// Tells where cases lie: as GeoJSON for the map, and as a drawing and a table for who has no scripts.
struct MapTeller {
    let frame: Frame
    let pack: Pack?
    let visit: Visit
    let filter: CaseFilter
    let now: Timestamp

    private static let stages: [CaseStage] = [.opened, .filed, .dispatched, .handled]

    private var teller: CaseTeller { CaseTeller(frame: frame, pack: pack, visit: visit, now: now) }

    // MARK: - For the script

    func cases(_ cases: [MapCase]) -> JSONValue {
        let teller = teller
        let time = LocalTime(pack)
        let features = cases.map { one -> JSONValue in
            var properties: [String: JSONValue] = [
                "id": .string(one.caseId), "number": .string(one.caseNumber),
                "tone": .string(one.isOverdue && one.stage.isOpen ? "overdue" : one.stage.rawValue),
                "stage": .string(word("stage.\(one.stage.rawValue)")),
                "category": .string(teller.category(one.category)),
                "community": .string(name(of: one.communityId)),
            ]
            if one.isOverdue, one.stage.isOpen { properties["late"] = .string(word("map.overdue")) }
            if one.stage.isOpen, let deadline = one.deadline.flatMap({ Timestamp($0) }) {
                properties["deadline"] = .string(time.short(deadline, now: now))
            }
            return Self.feature(one.location, properties)
        }
        return ["type": "FeatureCollection", "features": .array(features)]
    }

    /// By their middles: a client draws squares of `side` degrees around them.
    static func squares(_ squares: [MapSquare], side: Int) -> JSONValue {
        let features = squares.map { square in
            feature(
                square.middle, ["cases": .number(Double(square.cases)), "overdue": .number(Double(square.overdue))])
        }
        return ["type": "FeatureCollection", "side": .number(Double(side) / 1e7), "features": .array(features)]
    }

    private static func feature(_ place: Location, _ properties: [String: JSONValue]) -> JSONValue {
        [
            "type": "Feature", "properties": .object(properties),
            "geometry": [
                "type": "Point", "coordinates": [.number(place.longitude), .number(place.latitude)],
            ],
        ]
    }

    // MARK: - For the page

    func page(_ counts: [CommunityCount]) -> [String: Any] {
        let all = counts.reduce(into: [CommunityID: Int]()) { $0[$1.communityId, default: 0] += $1.cases }
        let inPack = (pack?.communities ?? []).map(\.id)
        let others = all.keys.filter { !inPack.contains($0) }.sorted()
        let drawing = CommunityMap(
            communities: pack?.communities ?? [], counts: all, label: word("map.drawing"), unit: word("map.cases"))
        var content: [String: Any] = [
            "total": String(all.values.reduce(0, +)),
            "lateTotal": String(counts.reduce(0) { $0 + $1.overdue }), "hasLate": counts.contains { $0.overdue > 0 },
            "drawing": drawing.svg?.text ?? "",
            "rows": (inPack + others).map { id in row(id, counts.filter { $0.communityId == id }) },
            "query": FormQuery.text(filter.query), "hasLeaflet": frame.assets.hasLeaflet,
            "hasClusters": frame.assets.hasClusters,
            "columns": Self.stages.map { ["label": word("stage.\($0.rawValue)"), "tone": $0.rawValue] },
            "stageChoices": stageChoices, "communityChoices": communityChoices, "categoryChoices": categoryChoices,
            "isLate": filter.isOverdue == true, "text": filter.text ?? "", "kept": kept,
        ]
        if let tiles = frame.tiles { content["tiles"] = ["template": tiles.template, "credit": tiles.credit] }
        return content
    }

    private func row(_ id: CommunityID, _ counts: [CommunityCount]) -> [String: Any] {
        let query = filter.query.filter { $0.0 != "communityId" } + [("communityId", id.rawValue)]
        return [
            "name": name(of: id), "list": "/console?" + FormQuery.text(query),
            "cells": Self.stages.map { stage in
                ["count": String(counts.filter { $0.stage == stage }.reduce(0) { $0 + $1.cases })]
            }, "late": String(counts.reduce(0) { $0 + $1.overdue }),
            "all": String(counts.reduce(0) { $0 + $1.cases }),
        ]
    }

    private var stageChoices: [[String: Any]] {
        let everything = CaseStage.allCases.map(\.rawValue).joined(separator: ",")
        let chosen = filter.stages.map(\.rawValue).joined(separator: ",")
        let choices =
            [("", word("map.all-open"))] + CaseStage.allCases.map { ($0.rawValue, word("stage.\($0.rawValue)")) }
            + [(everything, word("map.everything"))]
        return choices.map { choice($0.0, $0.1, chosen: chosen) }
    }

    private var communityChoices: [[String: Any]] {
        (pack?.communities ?? []).map { choice($0.id.rawValue, $0.name, chosen: filter.communityId) }
    }

    private var categoryChoices: [[String: Any]] {
        (pack?.categories ?? []).map {
            choice($0.code.rawValue, teller.category($0.code), chosen: filter.category)
        }
    }

    private func choice(_ value: String, _ name: String, chosen: String?) -> [String: Any] {
        ["value": value, "name": name, "isChosen": value == (chosen ?? "")]
    }

    /// What the filter has beside the form's own fields, so that the form keeps it.
    private var kept: [[String: Any]] {
        let own: Set = ["stage", "open", "communityId", "category", "overdue", "q"]
        return filter.query.filter { !own.contains($0.0) }.map { ["name": $0.0, "value": $0.1] }
    }

    private func name(of id: CommunityID) -> String {
        if id == .unassigned { return word("wall.unassigned") }
        return pack?.communities.first { $0.id == id }?.name ?? id.rawValue
    }

    private func word(_ key: String) -> String { frame.words.text(key, visit.language) }
}
