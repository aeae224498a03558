package import Contracts
import Vocabulary
package import WorkingTime

/// A pack, laid out for routing: everything that a decision asks for is one look-up away.
///
/// Follows from the pack alone, so it may be kept as long as the pack is in force. Dictionaries are looked up, never walked.
package final class RoutingTable: Sendable {
    /// Reports of one category closer than this, in whole centimetres, are one case.
    package let mergeDistance: Int
    let utcOffsetMinutes: Int
    /// What the words of a report say.
    let words: Classifier
    private let calendar: Readable<WorkingCalendar>
    private let categories: [CategoryCode: Readable<TimeLimit>]
    private let communities: [CommunityID: PackCommunity]
    private let units: Set<UnitID>
    private let workers: [UnitID: [PackPerson]]
    private let rulesByCategory: [CategoryCode: [PackRoutingRule]]
    private let rulesForAll: [PackRoutingRule]
    private let ladder: [Rung]

    package init(_ pack: Pack) {
        mergeDistance = pack.mergeDistance
        utcOffsetMinutes = pack.calendar.utcOffsetMinutes
        calendar = Self.read(pack.calendar)
        words = Classifier(pack.categories)
        categories = Dictionary(pack.categories.map { ($0.code, Self.readLimit($0.handlingLimit)) }) { first, _ in first
        }
        ladder = Rung.ladder(pack.loop)
        communities = Dictionary(pack.communities.map { ($0.id, $0) }) { first, _ in first }
        units = Set(pack.units.map(\.id))
        workers = Self.workersByUnit(pack.people)
        rulesForAll = pack.routingRules.filter(\.categories.isEmpty)
        var rules: [CategoryCode: [PackRoutingRule]] = [:]
        let named = Set(pack.categories.map(\.code) + pack.routingRules.flatMap(\.categories))
        for rule in pack.routingRules {
            for code in rule.categories.isEmpty ? named : Set(rule.categories) { rules[code, default: []].append(rule) }
        }
        rulesByCategory = rules
    }

    package func knows(_ category: CategoryCode) -> Bool { categories[category] != nil }
    package func knows(_ unit: UnitID) -> Bool { units.contains(unit) }
    package func community(_ id: CommunityID) -> PackCommunity? { communities[id] }

    /// The workers of a unit who serve a community, by id.
    package func workers(of unit: UnitID, in community: CommunityID) -> [PersonID] {
        (workers[unit] ?? []).filter { $0.communityIds.isEmpty || $0.communityIds.contains(community) }.map(\.id)
    }

    /// Whether the person works for the unit, wherever they serve.
    package func isWorker(_ person: PersonID, of unit: UnitID) -> Bool {
        (workers[unit] ?? []).contains { $0.id == person }
    }

    /// The first rule that fits: who answers for such a problem there.
    package func rule(for category: CategoryCode, in community: CommunityID, kind: ReportKind) -> PackRoutingRule? {
        (rulesByCategory[category] ?? rulesForAll).first { rule in
            (rule.communityIds.isEmpty || rule.communityIds.contains(community))
                && (rule.kind == nil || rule.kind == kind)
        }
    }

    /// By when a problem of this category must be handled that was dispatched at `start`.
    package func deadline(for category: CategoryCode, from start: Timestamp) -> DeadlineFound {
        guard let limit = categories[category] else { return .none }
        switch (limit, calendar) {
        case (.value(let limit), .value(let calendar)):
            return .at(Timestamp(milliseconds: calendar.deadline(from: start.milliseconds, limit: limit)))
        case (.fault(let fault), _), (_, .fault(let fault)):
            return .fault(fault)
        }
    }
}

extension RoutingTable {
    /// When a time that began at `start` is over by the pack's calendar.
    package func deadline(after limit: TimeLimit, from start: Timestamp) -> DeadlineFound {
        switch calendar {
        case .value(let calendar):
            .at(Timestamp(milliseconds: calendar.deadline(from: start.milliseconds, limit: limit)))
        case .fault(let fault): .fault(fault)
        }
    }

    /// A level of the ladder, from the unit head 1; nil beyond the last one.
    func rung(_ level: Int) -> Rung? {
        ladder.indices.contains(level - 1) ? ladder[level - 1] : nil
    }
}

/// A deadline, where the pack gives one.
package enum DeadlineFound: Sendable, Equatable {
    /// The category has no limit.
    case none
    case at(Timestamp)
    /// The pack's limit or calendar cannot be read.
    case fault(String)
}

/// A part of a pack that could be read, or why not.
///
/// A pack is checked before it is put in force; should one slip through, routing goes on and only deadlines are refused.
private enum Readable<Value: Sendable>: Sendable {
    case value(Value)
    case fault(String)
}

extension RoutingTable {
    private static func workersByUnit(_ people: [PackPerson]) -> [UnitID: [PackPerson]] {
        var workers: [UnitID: [PackPerson]] = [:]
        for person in people where person.roles.contains(Role.worker) {
            if let unit = person.unitId { workers[unit, default: []].append(person) }
        }
        return workers.mapValues { $0.sorted { $0.id < $1.id } }
    }

    private static func readLimit(_ text: String) -> Readable<TimeLimit> {
        do {
            return .value(try TimeLimit(text))
        } catch {
            return .fault(error.description)
        }
    }

    private static func read(_ calendar: PackCalendar) -> Readable<WorkingCalendar> {
        do {
            var week: [Weekday: DayHours] = [:]
            for (weekday, ranges) in zip(Weekday.allCases, calendar.workingMinutes) {
                week[weekday] = try DayHours(ranges.map(range))
            }
            return .value(
                try WorkingCalendar(
                    utcOffsetMinutes: calendar.utcOffsetMinutes, week: week, holidays: try days(calendar.holidays),
                    makeUpDays: try days(calendar.makeUpDays)))
        } catch {
            return .fault("\(error)")
        }
    }

    private static func range(_ ends: [Int]) throws(PackFault) -> Range<Int> {
        guard ends.count == 2, ends[0] < ends[1] else {
            throw PackFault(description: "working minutes \(ends) are not a beginning and an end")
        }
        return ends[0]..<ends[1]
    }

    private static func days(_ texts: [String]) throws(PackFault) -> Set<CivilDay> {
        var days: Set<CivilDay> = []
        for text in texts {
            guard let day = CivilDay(text) else { throw PackFault(description: "\"\(text)\" is no day") }
            days.insert(day)
        }
        return days
    }
}

/// What is wrong with a calendar.
private struct PackFault: Error, CustomStringConvertible {
    let description: String
}
