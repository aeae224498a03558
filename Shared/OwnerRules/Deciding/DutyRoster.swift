package import Contracts
import WorkingTime

/// Who of the units' workers is on duty 值班 when.
struct DutyRoster: Sendable {
    /// By the day or weekday that a duty begins on.
    private let duties: [PersonID: [String: [ClosedRange<Int>]]]

    init(_ duties: [PackDuty]) {
        var byPerson: [PersonID: [String: [ClosedRange<Int>]]] = [:]
        for duty in duties where duty.minutes.count == 2 && duty.minutes[0] < duty.minutes[1] {
            byPerson[duty.personId, default: [:]][duty.day, default: []].append(duty.minutes[0]...duty.minutes[1] - 1)
        }
        self.duties = byPerson
    }

    /// Whether anything is written down for the person.
    func lists(_ person: PersonID) -> Bool { duties[person] != nil }

    func isOnDuty(_ person: PersonID, at moment: LocalMoment) -> Bool {
        guard let known = duties[person] else { return false }
        func holds(_ day: CivilDay, _ minute: Int) -> Bool {
            [day.isoText, day.weekday.rawValue].contains { name in
                known[name]?.contains { $0.contains(minute) } ?? false
            }
        }
        return holds(moment.day, moment.minute) || holds(moment.day.adding(days: -1), moment.minute + 1_440)
    }
}

extension Pack {
    /// Those of a unit's workers who are on duty 值班 at a moment; all of them where none is, or nobody keeps a roster.
    package func onDuty(_ workers: [PersonID], at moment: Timestamp) -> [PersonID] {
        guard let duties, !duties.isEmpty else { return workers }
        let roster = DutyRoster(duties)
        let local = LocalMoment(moment, offset: calendar.utcOffsetMinutes, calendar: nil)
        let present = workers.filter { roster.isOnDuty($0, at: local) }
        return present.isEmpty ? workers : present
    }
}
