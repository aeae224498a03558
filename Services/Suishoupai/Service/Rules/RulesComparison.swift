import Contracts
import OwnerRules

/// Seeks the owner of each recorded case by two rule sets and keeps what differs.
struct RulesComparison {
    private struct Recorded {
        let number: String
        var question: OwnerQuestion
        var reports = 1
        /// Of the last decision; nil where both rule sets agree on the unit.
        var change: Change?
    }

    private struct Change {
        let present: OwnerDecision
        let changed: OwnerDecision
    }

    private let present: OwnerRules
    private let changed: OwnerRules
    private let examples: Int
    private var presentLoads = LoadBook()
    private var changedLoads = LoadBook()
    private var recorded: [CaseID: Recorded] = [:]
    private var order: [CaseID] = []
    private var first: Timestamp?
    private var last: Timestamp?

    /// - Parameter examples: How many to keep of each change.
    init(present: OwnerRules, changed: OwnerRules, examples: Int) {
        self.present = present
        self.changed = changed
        self.examples = examples
    }

    var cases: Int { order.count }

    /// A store counts the work of its own cases alone.
    mutating func beginStore() {
        presentLoads = LoadBook()
        changedLoads = LoadBook()
    }

    mutating func take(_ step: RecordedStep) {
        switch step {
        case .sought(let id, let number, let question):
            if recorded[id] == nil { order.append(id) }
            recorded[id] = Recorded(number: number, question: question)
            decide(id)
        case .recategorized(let id, let category, let now):
            guard let question = recorded[id]?.question else { return }
            recorded[id]?.question = OwnerQuestion(
                category: category, communityId: question.communityId, location: question.location,
                kind: question.kind, now: now)
            decide(id)
        case .joined(let id): recorded[id]?.reports += 1
        case .ended(let id):
            presentLoads.end(id)
            changedLoads.end(id)
        case .openedAgain(let id):
            presentLoads.openAgain(id)
            changedLoads.openAgain(id)
        }
    }

    private mutating func decide(_ id: CaseID) {
        guard let question = recorded[id]?.question else { return }
        first = min(first ?? question.now, question.now)
        last = max(last ?? question.now, question.now)
        // As if the case kept nobody busy, as routing does when it seeks an owner anew.
        presentLoads.end(id)
        changedLoads.end(id)
        let now = present.decide(question) { presentLoads.openCases(of: $0) }
        let then = changed.decide(question) { changedLoads.openCases(of: $0) }
        presentLoads.assign(id, to: now.handlerId)
        changedLoads.assign(id, to: then.handlerId)
        recorded[id]?.change = now.unitId == then.unitId ? nil : Change(present: now, changed: then)
    }

    // MARK: - The result

    /// - Parameter olderCases: How many cases could not be looked at.
    func result(_ pack: Pack, olderCases: Int) -> RulesTestResult {
        var groups: [RulesTestResult.Move: RulesTestResult.Group] = [:]
        var reports = 0
        for id in order {
            guard let found = recorded[id] else { continue }
            reports += found.reports
            guard let change = found.change else { continue }
            let move = RulesTestResult.Move(from: change.present.unitId, to: change.changed.unitId)
            var group = groups[move] ?? RulesTestResult.Group(from: move.from, to: move.to)
            group.cases += 1
            group.reports += found.reports
            if group.examples.count < examples {
                group.examples.append(
                    RulesTestResult.Example(
                        caseId: id, caseNumber: found.number, category: found.question.category,
                        communityId: found.question.communityId, at: found.question.now, now: change.present.trace,
                        then: change.changed.trace))
            }
            groups[move] = group
        }
        return RulesTestResult(
            pack: pack, cases: order.count, reports: reports, from: first, to: last,
            groups: groups.values.sorted(by: RulesTestResult.Group.precedes), olderCases: olderCases)
    }
}

/// How many open cases each worker has, by what one rule set decided.
private struct LoadBook {
    private var handlers: [CaseID: PersonID] = [:]
    private var busy: Set<CaseID> = []
    private var loads: [PersonID: Int] = [:]

    func openCases(of person: PersonID) -> Int { loads[person] ?? 0 }

    mutating func assign(_ id: CaseID, to handler: PersonID?) {
        handlers[id] = handler
        openAgain(id)
    }

    mutating func end(_ id: CaseID) {
        guard busy.remove(id) != nil, let handler = handlers[id] else { return }
        loads[handler, default: 0] -= 1
    }

    mutating func openAgain(_ id: CaseID) {
        guard let handler = handlers[id], busy.insert(id).inserted else { return }
        loads[handler, default: 0] += 1
    }
}
