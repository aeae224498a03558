package import Contracts
import WorkingTime

extension Case {
    /// How far up an overdue case went, and when it goes on.
    ///
    /// It belongs to one deadline: whoever sets another begins at the bottom again.
    package struct Escalation: Codable, Sendable, Equatable {
        /// The deadline that was missed.
        package let deadline: Timestamp
        /// The last level that was told, from the unit head 1; 0 before that.
        package let level: Int
        /// The last moment before the next level must look; absent where there is none.
        ///
        /// Kept here, so that the case alone says when its alarm rings, whatever pack is in force then.
        package let nextAt: Timestamp?
    }

    /// The escalation of the deadline that the case has now; nil where that was not missed.
    var runningEscalation: Escalation? {
        guard let escalation, let assignment = stage.assignment, assignment.isOverdue,
            assignment.deadline == escalation.deadline
        else { return nil }
        return escalation
    }

    /// When the next level must look: while somebody is at work on it, and only then.
    var escalationDue: Timestamp? {
        guard case .dispatched = stage else { return nil }
        return runningEscalation?.nextAt?.adding(milliseconds: 1)
    }

    /// A category change is no reason to tell the same people once more: what stays overdue stays on its level.
    mutating func keepLevel(under corrected: Assignment, at now: Timestamp) {
        guard let running = runningEscalation, running.level > 0, corrected.isOverdue,
            let deadline = corrected.deadline, deadline < now
        else { return }
        escalation = Escalation(deadline: deadline, level: running.level, nextAt: running.nextAt)
    }

    func tellLadder(_ course: inout CaseCourse) {
        guard let level = runningEscalation?.level, level > 0 else { return }
        course.level = max(course.level ?? 0, level)
    }
}

extension Course {
    /// Looks whether the next level must hear of an overdue case, and tells it.
    ///
    /// The first level's time counts from the deadline; that of each level after it from when the one before was told,
    /// so that one that was told late, after an outage or a rest, has its time all the same, and none is passed over.
    mutating func climb(by table: RoutingTable?) {
        guard let table, case .dispatched(let assignment) = current.stage, assignment.isOverdue,
            let deadline = assignment.deadline
        else { return }
        if current.runningEscalation == nil, let nextAt = table.moment(ofLevel: 1, from: deadline) {
            note { $0.escalation = Case.Escalation(deadline: deadline, level: 0, nextAt: nextAt) }
        }
        guard let before = current.runningEscalation, let nextAt = before.nextAt, now > nextAt,
            let rung = table.rung(before.level + 1)
        else { return }
        let level = before.level + 1
        let next = table.moment(ofLevel: level + 1, from: now)
        let details = StepDetails {
            $0.level = level
            $0.unitIds = rung.unitId.map { [$0] }
        }
        take(.escalated, by: nil, reason: rung.reason(isFirst: level == 1), details: details) { changed in
            changed.escalation = Case.Escalation(deadline: deadline, level: level, nextAt: next)
        }
    }
}

extension RoutingTable {
    /// The last moment before a level must look; nil where there is no such level, or no calendar to count by.
    fileprivate func moment(ofLevel level: Int, from start: Timestamp) -> Timestamp? {
        guard let rung = rung(level), case .at(let moment) = deadline(after: rung.after, from: start) else {
            return nil
        }
        return moment
    }
}

/// A level of the pack's ladder, with its time read.
struct Rung: Sendable, Equatable {
    let name: String
    let englishName: String
    let after: TimeLimit
    /// Absent for the unit that owns the case.
    let unitId: UnitID?

    /// The pack's levels in order, up to the first whose time cannot be read.
    ///
    /// A pack is checked before it is put in force; should one slip through, cases go up as far as it can be read.
    static func ladder(_ loop: PackLoop?) -> [Rung] {
        var ladder: [Rung] = []
        for level in loop?.ladder ?? [] {
            do {
                ladder.append(
                    Rung(
                        name: level.name, englishName: level.englishName, after: try TimeLimit(level.after),
                        unitId: level.unitId))
            } catch {
                return ladder
            }
        }
        return ladder
    }

    func reason(isFirst: Bool) -> String {
        let chinese = isFirst ? "超时后" : "上一级督办后"
        let english = isFirst ? "after its deadline" : "after the level before was told"
        return "\(chinese) \(after) 仍未处置，请\(name)督办 / not handled \(after) \(english): for the \(englishName) to look"
    }
}
