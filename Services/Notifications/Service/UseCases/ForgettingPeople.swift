import Contracts
import EventProcessing
import NotificationsDomain

/// Forgets a person: what is told them, how they are reached, and at last the key by which that was sealed.
///
/// That they were told of an event stays, as a row of ids: so nobody is told twice who comes back.
struct ForgettingPeople {
    /// The lane of all that destroys keys.
    static let lane = "keys"

    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func erase(_ command: Command) throws -> Disposition {
        let wish = try command.read(ErasePerson.self).data
        let person = wish.personId
        let before =
            try PersonRows.find(person, in: transaction.database) ?? PersonSettingsState(personId: person, version: 0)
        switch SettingsRules(before, at: transaction.clock, by: transaction.rules).erase(wish) {
        case .refused(let refusal): return refusal.disposition(transaction.rules)
        case .unchanged: return .applied
        case .changed(let after):
            try forget(person, after)
            return .applied
        }
    }

    private func forget(_ person: PersonID, _ after: PersonSettingsState) throws {
        let db = transaction.database
        try KeepingInboxes(transaction).forget(person)
        try HoldingMessages(transaction).forget(person)
        try WritingDigests(transaction).forget(person)
        try forgetDeliveries(to: person)
        try ConsentRows.deleteAll(of: person, in: db)
        try PersonRows.save(after, in: db)
        try KeepingSettings(transaction).publish(person)
        try transaction.emit(
            PersonErased(personId: person, at: transaction.clock), to: TopicCatalogue.notificationEvents,
            key: person.rawValue)
        let id = transaction.newID("erase-key", of: person.rawValue)
        try transaction.planDelivery(
            DeliveryID(id.description),
            payload: try ContractCoding.encode(OutsideTask.eraseKey(personId: person, erasedAt: transaction.clock)),
            lane: Self.lane, notBefore: transaction.clock)
    }

    /// Gives up what waits, and forgets what was sent; what is just being sent is forgotten when it has ended.
    private func forgetDeliveries(to person: PersonID) throws {
        for id in try SendingRows.all(of: person, in: transaction.database) {
            _ = try transaction.endDelivery(id, reason: "the person was forgotten")
            try transaction.forgetDelivery(id)
        }
        try SendingRows.deleteAll(of: person, in: transaction.database)
    }
}
