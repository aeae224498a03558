import Contracts
import EventProcessing
import NotificationsDomain

/// Messages that wait for others about the same matter, and for an hour at which their person may be written to.
struct HoldingMessages {
    static let timer = "held"

    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    /// Joins what waits about the same matter, and goes when that goes: a burst never puts off its first message.
    func hold(_ message: HeldMessage) throws {
        var message = message
        let person = message.told.recipientId
        if let moment = try HeldRows.moment(of: message.group, of: person, in: transaction.database) {
            message.notBefore = moment
        }
        try HeldRows.insert(message, in: transaction.database)
        try setTimer(for: person)
    }

    /// Sends what is due, or puts it off where it is quiet now.
    func release(_ person: PersonID) throws {
        let settings = try PersonRows.find(person, in: transaction.database)
        for group in try groups(of: person) where group.moment <= transaction.clock {
            let closed = try closedHours(for: group.messages, of: settings)
            let open = closed.firstOpen(from: transaction.clock)
            if open > transaction.clock {
                try move(group.messages, to: open)
            } else {
                for message in group.messages { try HeldRows.delete(message, in: transaction.database) }
                try send(
                    group.messages, to: settings ?? PersonSettingsState(personId: person, version: 0), closed: closed)
            }
        }
        try setTimer(for: person)
    }

    /// Plans one message of all, to where the person is reached now: to each of their browsers one.
    ///
    /// - Parameter closed: Nil where it is critical.
    func send(_ held: [HeldMessage], to settings: PersonSettingsState, closed: ClosedHours?) throws {
        guard let newest = held.last else { return }
        let sendings = settings.contacts.filter { $0.channel == newest.channel }.compactMap {
            compose(held, to: $0, closed: closed, at: transaction.clock, by: transaction.rules)
        }
        guard let first = sendings.first else {
            return try drop(held, because: "the person has no contact on this channel")
        }
        if newest.channel == .weChat {
            guard try spend(newest, for: first.deliveryId) else {
                return try drop(held, because: "no consent is left")
            }
            try KeepingSettings(transaction).publish(settings.personId)
        }
        for sending in sendings { try PlanningDeliveries(transaction).plan(sending) }
    }

    /// Brings what waits up to date with what the person wants now.
    func settle(_ person: PersonID) throws {
        guard let settings = try PersonRows.find(person, in: transaction.database), let pack = try transaction.pack()
        else { return }
        let wishes = Wishes(settings.preferences, pack: pack)
        let reached = Set(settings.reached)
        for group in try groups(of: person) {
            let unwanted = group.messages.filter {
                !reached.contains($0.channel) || !wishes.wants($0.kind, on: $0.channel)
            }
            for message in unwanted { try HeldRows.delete(message, in: transaction.database) }
            try drop(unwanted, because: "the person wants no more of these")
            let rest = group.messages.filter { !unwanted.contains($0) }
            guard let first = rest.first else { continue }
            let merging = Int64(pack.notifications?.mergeMinutes ?? 0) * 60_000
            let due = max(first.heldAt.adding(milliseconds: merging), transaction.clock)
            try move(rest, to: wishes.closedHours(for: first.kind).firstOpen(from: due))
        }
        try setTimer(for: person)
    }

    func forget(_ person: PersonID) throws {
        try HeldRows.deleteAll(of: person, in: transaction.database)
        try setTimer(for: person)
    }

    // MARK: - Parts

    private struct Group {
        let messages: [HeldMessage]
        /// When it goes: the earliest of its moments, where a later one joined.
        var moment: Timestamp { messages.map(\.notBefore).min() ?? Timestamp(milliseconds: .max) }
    }

    /// The rows come by group, the oldest first.
    private func groups(of person: PersonID) throws -> [Group] {
        var groups: [[HeldMessage]] = []
        for message in try HeldRows.all(of: person, in: transaction.database) {
            if let last = groups.indices.last, groups[last].first?.group == message.group {
                groups[last].append(message)
            } else {
                groups.append([message])
            }
        }
        return groups.map(Group.init)
    }

    private func closedHours(for messages: [HeldMessage], of settings: PersonSettingsState?) throws -> ClosedHours {
        guard let first = messages.first, let pack = try transaction.pack() else { return .none }
        return Wishes(settings?.preferences, pack: pack).closedHours(for: first.kind)
    }

    private func move(_ messages: [HeldMessage], to moment: Timestamp) throws {
        for message in messages where message.notBefore != moment {
            try HeldRows.move(message, to: moment, in: transaction.database)
        }
    }

    private func spend(_ message: HeldMessage, for delivery: DeliveryID) throws -> Bool {
        guard let template = message.template else { return false }
        return try ConsentRows.spend(
            template.id, of: message.told.recipientId, by: delivery, in: transaction.database)
    }

    /// Says of messages that they do not go after all; the inbox has them.
    private func drop(_ messages: [HeldMessage], because reason: String) throws {
        for message in messages {
            try transaction.emit(
                DeliveryEnded(
                    deliveryId: DeliveryID(message.told.messageID.description),
                    recipientId: message.told.recipientId, channel: message.channel,
                    aboutEventId: message.told.eventId, outcome: .failed, attempts: 0, reason: reason),
                to: TopicCatalogue.notificationEvents, key: message.told.recipientId.rawValue)
        }
    }

    /// One timer for each person: it wakes at the first moment at which something goes.
    private func setTimer(for person: PersonID) throws {
        let id = "\(Self.timer)|\(person)"
        guard let next = try HeldRows.next(of: person, in: transaction.database) else {
            return try transaction.cancelTimer(id)
        }
        try transaction.setTimer(id, kind: Self.timer, about: person.rawValue, due: next)
    }
}
