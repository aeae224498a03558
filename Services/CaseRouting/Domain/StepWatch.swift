package import Contracts
import WorkingTime

/// A step that people other than the handler owe a case: while it waits for that, a clock runs.
package enum WatchedStep: String, Codable, Sendable, CaseIterable {
    /// 立案: a report waits to be judged.
    case file
    /// 派遣: a case that was filed waits for a unit.
    case dispatch
    /// 核查: work that is done waits for somebody to look.
    case verify
}

/// The time of the step that a case waits for.
package struct StepWatch: Codable, Sendable, Equatable {
    package let step: WatchedStep
    /// When the case began to wait.
    package let since: Timestamp
    /// Absent where the pack in force then gave no limit, or none that can be read.
    package internal(set) var time: StepTime?
    /// Whether it was told that the time is over; once for each wait.
    package internal(set) var isOverdue = false

    init(_ step: WatchedStep, since: Timestamp, time: StepTime?) {
        self.step = step
        self.since = since
        self.time = time
    }
}

/// When it was told last that a step came too late.
package struct LateSteps: Codable, Sendable, Equatable {
    private var file: Timestamp?
    private var dispatch: Timestamp?
    private var verify: Timestamp?

    package internal(set) subscript(step: WatchedStep) -> Timestamp? {
        get {
            switch step {
            case .file: file
            case .dispatch: dispatch
            case .verify: verify
            }
        }
        set {
            switch step {
            case .file: file = newValue
            case .dispatch: dispatch = newValue
            case .verify: verify = newValue
            }
        }
    }
}

extension WatchedStep {
    var overdue: CaseChanged.Step {
        switch self {
        case .file: .filingOverdue
        case .dispatch: .dispatchOverdue
        case .verify: .verificationOverdue
        }
    }

    /// What the case is flagged with while the step is overdue.
    var concern: String {
        switch self {
        case .file: "立案超时 / not judged in time"
        case .dispatch: "派遣超时 / not dispatched in time"
        case .verify: "核查超时 / not verified in time"
        }
    }
}

// MARK: - What a case waits for

extension Case.Stage {
    /// The step that a case waits for that stands here, and whether its clock stands still; nil where its owner has it,
    /// and where it has ended.
    var awaited: (step: WatchedStep, rests: Bool)? {
        switch self {
        case .opened: (.file, false)
        case .filed: (.dispatch, false)
        case .handled: (.verify, false)
        case .waiting(let waiting): waiting.origin.awaited.map { ($0, true) }
        case .referred(let origin): origin.awaited.map { ($0, true) }
        case .dispatched, .closed, .refused, .transferred, .cancelled, .parked, .merged: nil
        }
    }
}

extension Origin {
    fileprivate var awaited: WatchedStep? {
        switch self {
        case .opened: .file
        case .filed: .dispatch
        case .dispatched: nil
        }
    }
}

extension Case {
    /// By when the step must be taken that the case waits for, while the clock of that runs.
    var awaitedBy: Timestamp? {
        guard let awaited = stage.awaited, !awaited.rests else { return nil }
        return watch?.time?.deadline
    }

    /// The same, of a step that is not yet known to be late.
    var watchedStep: (step: WatchedStep, deadline: Timestamp)? {
        guard let watch, !watch.isOverdue, let deadline = awaitedBy else { return nil }
        return (watch.step, deadline)
    }

    /// Lets the clock of the step that the case waits for follow from where it stands: begin, rest, run on, end.
    ///
    /// Asked once for each change, when all of it is done: what a case only passed through it never waited for.
    mutating func keepWatch(at now: Timestamp, by table: RoutingTable?) throws {
        // A merged case that is taken out again goes on as if nothing had been.
        if case .merged = stage { return }
        let awaited = stage.awaited
        if watch?.step != awaited?.step {
            if let before = watch, before.isOverdue { unflag(before.step.concern) }
            watch = awaited.map {
                StepWatch($0.step, since: now, time: table?.time(of: $0.step, for: category, from: now))
            }
        }
        guard let awaited, var time = watch?.time, time.clock.isPaused != awaited.rests else { return }
        if awaited.rests {
            try time.pause(at: now)
        } else {
            try time.resume(at: now, by: table?.readableReading)
        }
        watch?.time = time
    }

    /// Another category's limit, from the original start; what is not late by the limit that is right was never late.
    mutating func correctWatch(at now: Timestamp, by table: RoutingTable) {
        guard var corrected = watch, case .value(let limit)? = table.limit(of: corrected.step, for: category),
            let reading = table.readableReading
        else { return }
        var time = corrected.time ?? StepTime(start: corrected.since, limit: limit, by: reading)
        let wasMissed = time.change(to: limit, at: now, by: reading)
        corrected.time = time
        if !wasMissed, corrected.isOverdue {
            corrected.isOverdue = false
            note(nil, of: corrected.step)
        }
        watch = corrected
        if corrected.isOverdue { flag(corrected.step.concern) }
    }

    /// Keeps on record when it was told that a step came too late.
    fileprivate mutating func note(_ lateAt: Timestamp?, of step: WatchedStep) {
        var noted = late ?? LateSteps()
        noted[step] = lateAt
        late = noted == LateSteps() ? nil : noted
    }

    func tellWatch(_ course: inout CaseCourse) {
        let deadline = awaitedBy
        switch watch?.step {
        case .file: course.filingDeadline = deadline
        case .dispatch: course.dispatchDeadline = deadline
        case .verify: course.verificationDeadline = deadline
        case nil: break
        }
        course.filingOverdueAt = late?[.file]
        course.dispatchOverdueAt = late?[.dispatch]
        course.verificationOverdueAt = late?[.verify]
    }
}

extension Course {
    /// Says that nobody took the step in time that the case waits for, once.
    ///
    /// Nobody has the case meanwhile, so no ladder begins: it is flagged for whom the step is.
    mutating func noticeWatch() {
        guard let (step, deadline) = current.watchedStep, now > deadline else { return }
        let now = now
        take(step.overdue, by: nil, deadline: deadline) { changed in
            changed.watch?.isOverdue = true
            changed.note(now, of: step)
            changed.flag(step.concern)
        }
    }
}

extension CaseDecision {
    /// With the clocks of the steps that its cases wait for, as they follow from where those stand now.
    func watching(at now: Timestamp, by table: RoutingTable?) throws -> CaseDecision {
        var watched = self.case
        try watched.keepWatch(at: now, by: table)
        return CaseDecision(
            case: watched, events: events, others: try others.map { try $0.watching(at: now, by: table) })
    }
}

extension CaseAnswer {
    func watching(at now: Timestamp, by table: RoutingTable?) throws -> CaseAnswer {
        guard case .decided(let decision) = self else { return self }
        return .decided(try decision.watching(at: now, by: table))
    }
}
