import ArgumentParser
import Contracts
import WorkingTime

/// What must be done by a deadline.
enum DeadlineStep: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
    case file
    case dispatch
    case handle
    case repair
    case verify

    var chinese: String {
        switch self {
        case .file: "立案"
        case .dispatch: "派遣"
        case .handle: "处置"
        case .repair: "修复"
        case .verify: "核查"
        }
    }

    /// Nil where the pack has none.
    func limit(of category: PackCategory, in loop: PackLoop?) -> String? {
        switch self {
        case .file: category.filingLimit
        case .dispatch: category.dispatchLimit ?? loop?.dispatchLimit ?? PackLoop.usualDispatchLimit
        case .handle: category.handlingLimit
        case .repair: category.repairLimit
        case .verify: category.verifyLimit ?? loop?.verifyLimit ?? PackLoop.usualVerifyLimit
        }
    }
}

/// A deadline that somebody asks about: the clock of a case, as told on the command line.
struct DeadlineQuestion {
    let category: PackCategory
    let step: DeadlineStep
    let clock: CaseClock

    /// - Throws: `ValidationError`, which names the argument that was not understood.
    init(
        category code: String, step: DeadlineStep, from: String, pauses: [String], extensions: [String], of pack: Pack
    ) throws {
        guard let category = pack.categories.first(where: { $0.code.rawValue == code }) else {
            let known = pack.categories.map(\.code.rawValue).joined(separator: ", ")
            throw ValidationError("--category \(code) is not in the pack; its categories are \(known).")
        }
        self.category = category
        self.step = step
        guard let text = step.limit(of: category, in: pack.loop) else {
            throw ValidationError(
                "--step \(step): \(code) has no repairLimit in the pack, so it is handled in one stage; ask for handle."
            )
        }
        let limit = try limitArgument(text, "the pack's limit of \(code)")
        var clock = CaseClock(start: try moment(from, "--from"), limit: limit)
        let changes = try pauses.flatMap(ClockChange.pause) + extensions.map(ClockChange.extension)
        for change in changes.sorted(by: { $0.at < $1.at }) { try change.apply(to: &clock) }
        self.clock = clock
    }
}

/// One entry on a clock's record, with the argument that it came from.
private struct ClockChange {
    enum Kind {
        case stop
        case goOn
        case extend(TimeLimit)
    }

    let at: Int64
    let kind: Kind
    let argument: String

    static func pause(_ text: String) throws -> [ClockChange] {
        let argument = "--pause \(text)"
        let ends = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2 else {
            throw ValidationError(
                "\(argument) has no end; write it like \(example)/\(laterExample), or \(example)/ for one that lasts.")
        }
        let stop = ClockChange(at: try moment(ends[0], argument), kind: .stop, argument: argument)
        guard !ends[1].isEmpty else { return [stop] }
        let end = ClockChange(at: try moment(ends[1], argument), kind: .goOn, argument: argument)
        guard stop.at <= end.at else { throw ValidationError("\(argument) ends before it begins.") }
        return [stop, end]
    }

    static func `extension`(_ text: String) throws -> ClockChange {
        let argument = "--extend \(text)"
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("\(argument) does not say when it was approved; write it like 2d@\(example).")
        }
        return ClockChange(
            at: try moment(parts[1], argument), kind: .extend(try limitArgument(parts[0], argument)),
            argument: argument)
    }

    func apply(to clock: inout CaseClock) throws {
        let refusal =
            switch kind {
            case .stop: clock.pause(at: at)
            case .goOn: clock.resume(at: at)
            case .extend(let limit): clock.extend(by: limit, at: at)
            }
        switch refusal {
        case nil: return
        case .outOfOrder: throw ValidationError("\(argument) lies before --from.")
        case .alreadyPaused, .notPaused:
            throw ValidationError("\(argument) overlaps another --pause; join them in one.")
        }
    }
}

private let example = "2026-10-08T09:00:00+08:00"
private let laterExample = "2026-10-09T14:30:00+08:00"

private func moment(_ text: String, _ argument: String) throws -> Int64 {
    guard let moment = Timestamp(text) else {
        throw ValidationError("\(argument): '\(text)' is no time with an offset; write it like \(example).")
    }
    return moment.milliseconds
}

private func limitArgument(_ text: String, _ argument: String) throws -> TimeLimit {
    do {
        return try TimeLimit(text)
    } catch {
        throw ValidationError("\(argument): \(error).")
    }
}
