import Contracts
import EventProcessing
import NotificationsDomain

/// Tells a recipient of an event by every way that is open, each once.
struct TellingPeople {
    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func tell(_ command: Command) throws -> Disposition {
        let notify = try command.read(Notify.self).data
        let pack = try transaction.pack()
        try tellMembers(of: notify, pack)
        guard notify.isToOnePerson else {
            try CallingEndpoints(transaction).call(notify, pack)
            return .applied
        }
        let settings = try PersonRows.find(notify.recipientId, in: transaction.database)
        let ways = try ways(
            of: notify, pack: pack, settings: settings, at: transaction.clock, by: transaction.rules,
            wasTold: { try ToldRow.exists($0, in: transaction.database) })
        for way in ways { try go(way, settings) }
        return .applied
    }

    /// Goes one way, and notes before that it was gone.
    func go(_ way: Way, _ settings: PersonSettingsState?) throws {
        try ToldRow.insert(way.told, in: transaction.database)
        switch way {
        case .write(let message): try KeepingInboxes(transaction).write(message)
        case .hold(let message): try HoldingMessages(transaction).hold(message)
        case .send(let message):
            guard let settings else { return }
            try HoldingMessages(transaction).send([message], to: settings, closed: nil)
        case .digest(let told): try WritingDigests(transaction).await(by: told.recipientId)
        }
    }

    /// Asks the owners of their inboxes to tell the people whom a recipient stands for, once.
    private func tellMembers(of notify: Notify, _ pack: Pack?) throws {
        let members = members(toldOf: notify, pack: pack, at: transaction.clock, by: transaction.rules)
        let asked = Told(eventId: notify.event.id, recipientId: notify.recipientId, channel: .inbox)
        guard !members.isEmpty, try !ToldRow.exists(asked, in: transaction.database) else { return }
        try ToldRow.insert(asked, in: transaction.database)
        for member in members {
            try transaction.send(
                member, to: TopicCatalogue.notificationCommands, key: member.recipientId.rawValue)
        }
    }
}
