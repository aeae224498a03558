import Contracts
import WorkingTime

/// How long each step of a case may take by a pack, but for handling.
struct StepLimits: Sendable {
    private let filing: [CategoryCode: Readable<TimeLimit>]
    private let dispatch: [CategoryCode: Readable<TimeLimit>]
    private let verify: [CategoryCode: Readable<TimeLimit>]
    private let repair: [CategoryCode: Readable<TimeLimit>]
    /// Of categories that have none of their own.
    private let usualDispatch: Readable<TimeLimit>
    private let usualVerify: Readable<TimeLimit>

    init(_ pack: Pack) {
        func limits(_ limit: (PackCategory) -> String?) -> [CategoryCode: Readable<TimeLimit>] {
            Dictionary(
                pack.categories.compactMap { category in
                    limit(category).map { (category.code, RoutingTable.readLimit($0)) }
                }
            ) { first, _ in first }
        }
        filing = limits(\.filingLimit)
        dispatch = limits(\.dispatchLimit)
        verify = limits(\.verifyLimit)
        repair = limits(\.repairLimit)
        usualDispatch = RoutingTable.readLimit(pack.loop?.dispatchLimit ?? PackLoop.usualDispatchLimit)
        usualVerify = RoutingTable.readLimit(pack.loop?.verifyLimit ?? PackLoop.usualVerifyLimit)
    }

    /// Nil where there is none: an unknown category is judged when somebody looks.
    func limit(of step: WatchedStep, for category: CategoryCode) -> Readable<TimeLimit>? {
        switch step {
        case .file: filing[category]
        case .dispatch: dispatch[category] ?? usualDispatch
        case .verify: verify[category] ?? usualVerify
        }
    }

    /// Of the lasting repair 修复, once it is safe; nil where the category has one stage, and where it cannot be read.
    func repairLimit(for category: CategoryCode) -> TimeLimit? {
        guard case .value(let limit)? = repair[category] else { return nil }
        return limit
    }
}

extension RoutingTable {
    /// How long a step may take that a case of this category waits for; nil where there is no limit.
    func limit(of step: WatchedStep, for category: CategoryCode) -> Readable<TimeLimit>? {
        steps.limit(of: step, for: category)
    }

    /// The clock of that step, from `start`; nil where there is no limit, and where it or the calendar cannot be read.
    func time(of step: WatchedStep, for category: CategoryCode, from start: Timestamp) -> StepTime? {
        guard case .value(let limit)? = limit(of: step, for: category), let reading = readableReading else {
            return nil
        }
        return StepTime(start: start, limit: limit, by: reading)
    }

    /// What clocks are read by; nil where the calendar cannot be read.
    var readableReading: ClockReading? {
        guard case .value(let reading) = reading else { return nil }
        return reading
    }
}
