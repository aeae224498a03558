import Contracts

extension Case {
    /// How far ahead units can be called to a spot: 30 days.
    package static let longestWhistle: Int64 = 30 * 86_400_000
    /// The most units that one whistle calls.
    package static let mostCalled = 20

    /// The whistle that units can still answer; nil where there is none.
    var runningWhistle: CaseCourse.Whistle? {
        guard let whistle, !whistle.ended else { return nil }
        return whistle
    }

    /// When the time to be there is over; `until` itself is on time.
    var whistleDue: Timestamp? { runningWhistle?.until.adding(milliseconds: 1) }

    func tellWhistle(_ course: inout CaseCourse) {
        course.whistle = whistle
    }

    /// 吹哨: calls units to the spot of the case.
    ///
    /// The deadline stays: being there is no handling.
    func blowWhistle(_ act: ActOnCase, _ course: Course, _ table: RoutingTable?) -> CaseAnswer {
        guard let reason = act.givenReason else { return .refused(.reasonNeeded(for: act.action)) }
        if let running = course.current.runningWhistle { return .refused(.whistleRuns(until: running.until)) }
        let called = act.details?.unitIds ?? []
        guard (1...Self.mostCalled).contains(called.count), Set(called).count == called.count else {
            return .refused(.unitsToCallNeeded)
        }
        guard let table else { return .refused(.noPackToAskUnits) }
        if let unknown = called.first(where: { !table.knows($0) }) {
            return .refused(.notAUnit(unknown, allowed: [.whistle]))
        }
        guard let until = act.details?.until, until > course.now,
            until <= course.now.adding(milliseconds: Self.longestWhistle)
        else { return .refused(.whistleTimeNeeded) }
        var course = course
        let details = StepDetails {
            $0.unitIds = called
            $0.until = until
        }
        let whistle = CaseCourse.Whistle(at: course.now, until: until, called: called, present: [], ended: false)
        course.take(.whistled, by: act.actor.personId, reason: reason, details: details) { $0.whistle = whistle }
        return .decided(course.decision)
    }

    /// 报到: a called unit is there.
    func checkIn(_ act: ActOnCase, _ course: Course) -> CaseAnswer {
        guard let whistle = course.current.whistle else { return .refused(.noWhistle) }
        guard !whistle.ended else { return .refused(.whistleIsOver(since: whistle.until)) }
        guard let unit = act.details?.unitIds?.first, act.details?.unitIds?.count == 1 else {
            return .refused(.oneUnitNeeded(.checkIn))
        }
        guard whistle.called.contains(unit) else { return .refused(.notCalled(unit, whistle.called)) }
        guard !whistle.present.contains(unit) else { return .refused(.thereAlready(unit)) }
        var course = course
        let details = StepDetails { $0.unitIds = [unit] }
        course.take(.checkedIn, by: act.actor.personId, reason: act.givenReason, details: details) { changed in
            changed.whistle = whistle.with(unit)
        }
        course.noticeWhistle()
        return .decided(course.decision)
    }
}

extension Course {
    /// Says that a whistle is over, once: all are there, the time is over, or nobody is at work on the case any more.
    ///
    /// The units named did not come. Where the case left its handler first, nobody is blamed.
    @discardableResult mutating func noticeWhistle() -> Bool {
        guard let whistle = current.runningWhistle else { return false }
        let missing = whistle.called.filter { !whistle.present.contains($0) }
        if case .dispatched = current.stage {
            guard missing.isEmpty || now > whistle.until else { return false }
            endWhistle(whistle, missing: missing, reason: nil)
        } else {
            let stage = current.stage.name
            endWhistle(
                whistle, missing: [],
                reason: "案件\(stage.chinese)，不必再到现场 / the case is \(stage.rawValue): nobody need come any more")
        }
        return true
    }

    private mutating func endWhistle(_ whistle: CaseCourse.Whistle, missing: [UnitID], reason: String?) {
        let details = missing.isEmpty ? nil : StepDetails { $0.unitIds = missing }
        take(.whistleEnded, by: nil, reason: reason, details: details) { $0.whistle = whistle.over }
    }
}

extension CaseCourse.Whistle {
    fileprivate func with(_ unit: UnitID) -> CaseCourse.Whistle {
        CaseCourse.Whistle(at: at, until: until, called: called, present: present + [unit], ended: false)
    }

    fileprivate var over: CaseCourse.Whistle {
        CaseCourse.Whistle(at: at, until: until, called: called, present: present, ended: true)
    }
}
