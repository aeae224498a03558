package import Contracts
import WorkingTime

/// A notice 告知 that points are to be taken back: the person may object, and nothing is taken before.
package struct Notice: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case given
        case objected
        case upheld
        case dismissed
        case lapsed

        package var isOpen: Bool { self == .given || self == .objected }
    }

    package let noticeId: NoticeID
    package let ledgerId: LedgerID
    package let personId: PersonID
    package let transferIds: [TransferID]
    /// How many points it is about.
    package let points: Int
    package let reason: String
    package let signalId: SignalID?
    package let givenBy: PersonID
    package let objectionUntil: Timestamp
    package private(set) var state: State
    /// Who decided, and in which words; of an open one, the person's objection.
    package private(set) var answeredBy: PersonID?
    package private(set) var answer: String?

    package init(
        noticeId: NoticeID, ledgerId: LedgerID, personId: PersonID, transferIds: [TransferID], points: Int,
        reason: String, signalId: SignalID?, givenBy: PersonID, objectionUntil: Timestamp, state: State = .given,
        answeredBy: PersonID? = nil, answer: String? = nil
    ) {
        self.noticeId = noticeId
        self.ledgerId = ledgerId
        self.personId = personId
        self.transferIds = transferIds
        self.points = points
        self.reason = reason
        self.signalId = signalId
        self.givenBy = givenBy
        self.objectionUntil = objectionUntil
        self.state = state
        self.answeredBy = answeredBy
        self.answer = answer
    }

    package mutating func pass(to state: State, by actor: PersonID?, answer: String?) {
        self.state = state
        answeredBy = actor
        self.answer = answer
    }

    /// What is published of a step.
    package func changed(
        _ step: NoticeChanged.Step, at time: Timestamp, by actor: PersonID?, reason: String?, taken: Int? = nil
    ) -> NoticeChanged {
        NoticeChanged(
            step: step, noticeId: noticeId, ledgerId: ledgerId, personId: personId, transferIds: transferIds,
            points: points, taken: taken, signalId: signalId, objectionUntil: objectionUntil, at: time,
            actorId: actor, reason: reason)
    }
}

extension PackPoints {
    package static let objectionDaysWithoutPack = 15
}

extension PackCalendar {
    /// The first moment at which nobody may object any more: after the end of the last day for it.
    package func objectionEnd(after days: Int, from time: Timestamp) -> Timestamp {
        let day = CivilDay(milliseconds: time.milliseconds, utcOffsetMinutes: utcOffsetMinutes)
        return Timestamp(milliseconds: day.adding(days: days + 1).start(utcOffsetMinutes: utcOffsetMinutes))
    }
}

// NoticeFault
//   notAllowed       who may not give a notice, or answer this one
//   ownNotice        who gave it may not decide it
//   tooManyAwards    none, or more than a notice names
//   notAnAward       what it names brought the person no points
//   nothingDue       the points went back before
//   noticed          another notice is about the same points
//   noSignal         a signal that is not about the person
//   reasonMissing    not a word why
//   windowOver       too late to object
//   windowOpen       too early to take points without an objection
//   ended            decided before

/// Why a notice is not given, or not answered so.
package enum NoticeFault: Sendable, Equatable {
    case notAllowed
    case ownNotice
    case tooManyAwards
    case notAnAward(TransferID)
    case nothingDue
    case noticed(TransferID, by: NoticeID)
    case noSignal(SignalID)
    case reasonMissing
    case windowOver(Timestamp)
    case windowOpen(until: Timestamp)
    case ended(Notice.State)
}

extension GiveNotice {
    /// So many awards fit into one notice.
    package static let mostAwards = 50

    /// What is wrong with it whatever the books hold; nil where nothing is.
    package var fault: NoticeFault? {
        guard actor.has(Role.dispatcher) || actor.has(Role.admin), actor.personId != personId else {
            return .notAllowed
        }
        guard !reason.isEmpty else { return .reasonMissing }
        guard (1...Self.mostAwards).contains(transferIds.count), Set(transferIds).count == transferIds.count else {
            return .tooManyAwards
        }
        return nil
    }
}

extension Notice {
    /// Why it may not be answered so; nil where it may.
    package func fault(of command: AnswerNotice, at now: Timestamp) -> NoticeFault? {
        let actor = command.actor
        switch command.answer {
        case .object:
            guard actor.personId == personId else { return .notAllowed }
            guard !command.reason.isEmpty else { return .reasonMissing }
            guard state == .given else { return .ended(state) }
            return now < objectionUntil ? nil : .windowOver(objectionUntil)
        case .uphold, .dismiss:
            guard actor.has(Role.dispatcher) || actor.has(Role.admin), actor.personId != personId else {
                return .notAllowed
            }
            guard actor.personId != givenBy else { return .ownNotice }
            guard !command.reason.isEmpty else { return .reasonMissing }
            guard state.isOpen else { return .ended(state) }
            let isTooEarly = command.answer == .uphold && state == .given && now < objectionUntil
            return isTooEarly ? .windowOpen(until: objectionUntil) : nil
        }
    }

    /// Whether the answer is the one that it got, said once more.
    package func wasAnswered(by command: AnswerNotice) -> Bool {
        let answered: State =
            switch command.answer {
            case .object: .objected
            case .uphold: .upheld
            case .dismiss: .dismissed
            }
        return state == answered && answeredBy == command.actor.personId && answer == command.reason
    }

    /// Whether its time is over without an objection.
    package func hasLapsed(at now: Timestamp) -> Bool { state == .given && now >= objectionUntil }
}
