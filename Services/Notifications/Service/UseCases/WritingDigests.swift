import Contracts
import EventProcessing
import NotificationsDomain

/// The week's digests of those who asked for one.
struct WritingDigests {
    static let timer = "digest"

    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Something waits for the person's digest: it counts from now on, where it does not count yet.
    func await(by person: PersonID) throws {
        guard try PersonRows.digestFrom(person, in: transaction.database) == nil else { return }
        try setTimer(for: person)
    }

    /// The week is over: writes its digest, and waits for the next.
    func write(to person: PersonID) throws {
        try tell(person, until: transaction.clock)
        try setTimer(for: person)
    }

    /// Begins or ends with what the person wants now; what was counted by then is told before it ends.
    func settle(_ person: PersonID) throws {
        let isCounting = try PersonRows.digestFrom(person, in: transaction.database) != nil
        let isWanted = try nextDigest(of: person) != nil
        if isCounting, !isWanted { try tell(person, until: nil) }
        // Another clock or offset moves it.
        guard isCounting, isWanted else { return try setTimer(for: person) }
        try keepTimer(for: person)
    }

    func forget(_ person: PersonID) throws {
        try PersonRows.setDigestFrom(nil, of: person, in: transaction.database)
        try transaction.cancelTimer(timerID(of: person))
    }

    private func tell(_ person: PersonID, until: Timestamp?) throws {
        guard let settings = try PersonRows.find(person, in: transaction.database), let pack = try transaction.pack(),
            let from = try PersonRows.digestFrom(person, in: transaction.database)
        else { return }
        let messages = try InboxMessageRow.all(of: person, since: from, until: until, in: transaction.database)
        let id = transaction.newID(Digest.type, of: person.rawValue)
        let ways = Digest.ways(
            of: Digest.counts(of: messages), id, to: settings, pack: pack, at: transaction.clock)
        for way in ways { try TellingPeople(transaction).go(way, settings) }
    }

    /// Counts from now on, until the next digest is due; not at all where none is wanted.
    private func setTimer(for person: PersonID) throws {
        let next = try nextDigest(of: person)
        try PersonRows.setDigestFrom(next == nil ? nil : transaction.clock, of: person, in: transaction.database)
        guard let next else { return try transaction.cancelTimer(timerID(of: person)) }
        try transaction.setTimer(timerID(of: person), kind: Self.timer, about: person.rawValue, due: next)
    }

    private func keepTimer(for person: PersonID) throws {
        guard let next = try nextDigest(of: person) else { return }
        try transaction.setTimer(timerID(of: person), kind: Self.timer, about: person.rawValue, due: next)
    }

    private func nextDigest(of person: PersonID) throws -> Timestamp? {
        guard let pack = try transaction.pack(), let settings = try PersonRows.find(person, in: transaction.database)
        else { return nil }
        return Wishes(settings.preferences, pack: pack).nextDigest(after: transaction.clock)
    }

    private func timerID(of person: PersonID) -> String { "\(Self.timer)|\(person)" }
}
