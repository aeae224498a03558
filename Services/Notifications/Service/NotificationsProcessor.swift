package import Contracts
package import EventProcessing
package import GRDB
import NotificationsDomain

/// The inboxes and outside calls of one partition's recipients.
package struct NotificationsProcessor: Processor {
    package init() {}

    package var name: String { "notifications" }
    package var logic: Int { 1 }
    package var commandTopic: Topic { TopicCatalogue.notificationCommands }
    package var eventTopic: Topic { TopicCatalogue.notificationEvents }
    package var machineTables: [String] { InboxTables.names }

    package func migrate(_ migrator: inout DatabaseMigrator) { InboxTables.migrate(&migrator) }

    package func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        switch command.attributes.type {
        case Notify.type:
            try notify(try command.read(Notify.self).data, in: transaction)
            return .applied
        case MarkRead.type:
            return try read(try command.read(MarkRead.self).data, in: transaction)
        case DeliveryReported.type:
            try end(try command.read(DeliveryReported.self).data, in: transaction)
            return .applied
        default:
            return .refused(
                Refusal(code: "unknown-command", reason: "通知服务不认识这个请求：\(command.attributes.type)"))
        }
    }

    private func notify(_ notify: Notify, in transaction: Transaction) throws {
        let pack = try transaction.pack()
        try tellMembers(of: notify, pack: pack, in: transaction)
        let decision = try tell(
            notify, pack: pack, at: transaction.clock,
            wasTold: { try ToldRow.exists($0, in: transaction.database) })
        switch decision {
        case .nothing: return
        case .write(let message): try write(message, in: transaction)
        case .call(let call): try plan(call, in: transaction)
        }
    }

    /// Asks the owners of their inboxes to tell the people of a unit, once.
    private func tellMembers(of notify: Notify, pack: Pack?, in transaction: Transaction) throws {
        let members = members(toldOf: notify, pack: pack)
        let asked = Told(eventId: notify.event.id, recipientId: notify.recipientId, channel: .inbox)
        guard !members.isEmpty, try !ToldRow.exists(asked, in: transaction.database) else { return }
        try ToldRow.insert(asked, in: transaction.database)
        for member in members {
            try transaction.send(member, to: commandTopic, key: member.recipientId.rawValue)
        }
    }

    private func write(_ message: InboxMessageState, in transaction: Transaction) throws {
        let told = Told(eventId: message.aboutEventId, recipientId: message.recipientId, channel: .inbox)
        try ToldRow.insert(told, in: transaction.database)
        try InboxMessageRow.save(message, in: transaction.database)
        let written = InboxMessageWritten(
            messageId: message.messageId, recipientId: message.recipientId, aboutEventId: message.aboutEventId,
            aboutType: message.aboutType)
        try transaction.emit(
            written, to: TopicCatalogue.notificationEvents, key: message.recipientId.rawValue)
        try transaction.emit(message, to: TopicCatalogue.inboxes, key: message.messageId.rawValue)
    }

    private func plan(_ call: WebhookCall, in transaction: Transaction) throws {
        try ToldRow.insert(call.told, in: transaction.database)
        let message = OutsideMessage(
            channel: .webhook, recipientId: call.told.recipientId, address: .open(url: call.url), title: "",
            body: "", short: "", data: call.body, aboutEventId: call.told.eventId, aboutType: "")
        try transaction.planDelivery(
            call.deliveryId, payload: try ContractCoding.encode(OutsideTask.send(message: message)), lane: "unit|\(call.unitId)",
            notBefore: transaction.clock)
    }

    private func read(_ command: MarkRead, in transaction: Transaction) throws -> Disposition {
        let message = try InboxMessageRow.find(command.messageId, in: transaction.database)
        switch markRead(command, message: message, at: transaction.clock) {
        case .refused(let refusal):
            return .refused(Refusal(code: refusal.rawValue, reason: refusal.reason))
        case .readBefore:
            return .applied
        case .read(let message):
            try InboxMessageRow.save(message, in: transaction.database)
            let read = InboxMessageRead(
                messageId: message.messageId, recipientId: message.recipientId, at: transaction.clock)
            try transaction.emit(
                read, to: TopicCatalogue.notificationEvents, key: message.recipientId.rawValue)
            try transaction.emit(message, to: TopicCatalogue.inboxes, key: message.messageId.rawValue)
            return .applied
        }
    }

    /// Says how an outside call ended; the runtime asks only once nothing more will be tried.
    private func end(_ report: DeliveryReported, in transaction: Transaction) throws {
        guard let delivery = try transaction.delivery(report.deliveryId) else { return }
        guard case .send(let message) = try ContractCoding.decode(OutsideTask.self, from: delivery.payload) else {
            return
        }
        let ended = DeliveryEnded(
            deliveryId: delivery.id, recipientId: message.recipientId, channel: message.channel,
            aboutEventId: message.aboutEventId,
            outcome: delivery.state == .delivered ? .delivered : delivery.state == .unknown ? .unknown : .failed,
            attempts: delivery.tries, reason: report.reason)
        try transaction.emit(ended, to: TopicCatalogue.notificationEvents, key: message.recipientId.rawValue)
    }
}
