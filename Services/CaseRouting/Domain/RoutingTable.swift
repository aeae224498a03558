package import Contracts
import OwnerRules
import Vocabulary
package import WorkingTime

/// A pack, laid out for routing: everything that a decision asks for is one look-up away.
///
/// Follows from the pack alone, so it may be kept as long as the pack is in force. Dictionaries are looked up, never walked.
package final class RoutingTable: Sendable {
    /// When reports and cases are one problem.
    package let matching: MatchRules
    let utcOffsetMinutes: Int
    /// What the words of a report say.
    let words: Classifier
    let calendar: Readable<WorkingCalendar>
    /// How long handling may take 处置时限.
    let categories: [CategoryCode: Readable<TimeLimit>]
    /// How long the other steps may take.
    let steps: StepLimits
    /// How the loop of a case runs here.
    let loop: PackLoop
    /// The unit above each that has one.
    let superiors: [UnitID: UnitID]
    private let communities: [CommunityID: PackCommunity]
    private let units: Set<UnitID>
    /// Who answers for what.
    let owners: OwnerRules
    private let ladder: [Rung]

    package init(_ pack: Pack) {
        matching = MatchRules(pack)
        utcOffsetMinutes = pack.calendar.utcOffsetMinutes
        calendar = Self.read(pack.calendar)
        words = Classifier(pack.categories)
        loop = pack.loop ?? PackLoop()
        superiors = Dictionary(pack.units.map { ($0.id, $0.superiorId) }) { first, _ in first }.compactMapValues(\.self)
        categories = Dictionary(pack.categories.map { ($0.code, Self.readLimit($0.handlingLimit)) }) { first, _ in first
        }
        steps = StepLimits(pack)
        ladder = Rung.ladder(pack.loop)
        communities = Dictionary(pack.communities.map { ($0.id, $0) }) { first, _ in first }
        units = Set(pack.units.map(\.id))
        owners = OwnerRules(pack)
    }

    package func knows(_ category: CategoryCode) -> Bool { categories[category] != nil }
    package func knows(_ unit: UnitID) -> Bool { units.contains(unit) }
    package func community(_ id: CommunityID) -> PackCommunity? { communities[id] }

    /// Whether the person works for the unit, wherever they serve.
    package func isWorker(_ person: PersonID, of unit: UnitID) -> Bool { owners.isWorker(person, of: unit) }

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
enum Readable<Value: Sendable>: Sendable {
    case value(Value)
    case fault(String)
}

extension RoutingTable {
    static func readLimit(_ text: String) -> Readable<TimeLimit> {
        do {
            return .value(try TimeLimit(text))
        } catch {
            return .fault(error.description)
        }
    }

    private static func read(_ calendar: PackCalendar) -> Readable<WorkingCalendar> {
        do {
            return .value(try WorkingCalendar(calendar))
        } catch {
            return .fault("\(error)")
        }
    }
}
