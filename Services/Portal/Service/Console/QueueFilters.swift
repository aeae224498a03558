import Contracts
import ServiceKit

/// The fields to look for cases by, and what is looked for now.
struct QueueFilters {
    let queue: Queue
    let teller: ConsoleTeller

    var content: [String: Any] {
        let wanted = queue.wanted
        let stages = stagesToChoose
        return [
            "communities": ConsoleTeller.options(communities, chosen: wanted.communityId),
            "categories": ConsoleTeller.options(categories, chosen: wanted.category),
            "units": ConsoleTeller.options(units, chosen: wanted.ownerUnitId),
            "kinds": ConsoleTeller.options(kinds, chosen: wanted.kind?.rawValue),
            "stages": ConsoleTeller.options(
                stages.map { ($0.rawValue, teller.stage($0)) },
                chosen: wanted.stages.count == 1 ? wanted.stages.first?.rawValue : nil),
            "hasStages": stages.count > 1, "isOverdueWanted": wanted.isOverdue == true,
            "chips": chips, "isFiltered": !chips.isEmpty,
        ]
    }

    private var communities: [(String, String)] { (queue.pack?.communities ?? []).map { ($0.id.rawValue, $0.name) } }

    private var categories: [(String, String)] {
        (queue.pack?.categories ?? []).map { ($0.code.rawValue, teller.teller.category($0.code)) }
    }

    private var units: [(String, String)] { (queue.pack?.units ?? []).map { ($0.id.rawValue, $0.name) } }

    private var kinds: [(String, String)] {
        ReportKind.allCases.map { ($0.rawValue, teller.word("report.\($0.rawValue)")) }
    }

    private var stagesToChoose: [CaseStage] {
        switch queue.tab {
        case .all: CaseStage.allCases
        case .overdue, .flagged: CaseStage.allCases.filter(\.isOpen)
        case .mine, .unit: [.dispatched, .waiting, .parked]
        case .file, .dispatch, .check, .verify, .extensions: []
        }
    }

    /// What is looked for, each with the address without it.
    private var chips: [[String: Any]] {
        let wanted = queue.wanted
        func name(_ all: [(String, String)], _ value: String?) -> String? {
            value.map { chosen in all.first { $0.0 == chosen }?.1 ?? chosen }
        }
        let said: [(String, String?)] = [
            ("q", wanted.text), ("communityId", name(communities, wanted.communityId)),
            ("category", name(categories, wanted.category)), ("ownerUnitId", name(units, wanted.ownerUnitId)),
            ("kind", name(kinds, wanted.kind?.rawValue)),
            ("stage", wanted.stages.isEmpty ? nil : wanted.stages.map(teller.stage).joined(separator: "、")),
            ("overdue", wanted.isOverdue == true ? teller.word("tab.overdue") : nil),
            ("gridId", wanted.gridId), ("handlerId", wanted.handlerId),
        ]
        return said.compactMap { field, words in
            words.map { ["said": $0, "path": queue.address(without: field)] }
        }
    }
}
