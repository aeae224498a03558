package import Contracts
package import EventProcessing
package import GRDB
import NotificationsDomain

/// Who is told what, by which way and when: the inboxes, settings and outside sendings of one partition's recipients.
package struct NotificationsProcessor: Processor {
    package init() {}

    package var name: String { "notifications" }
    /// 2: several browsers, links by role, duty rosters, reasons in the text's language, mail that comes back.
    package var logic: Int { 2 }
    package var commandTopic: Topic { TopicCatalogue.notificationCommands }
    package var eventTopic: Topic { TopicCatalogue.notificationEvents }
    package var machineTables: [String] { NotificationTables.names }

    package func migrate(_ migrator: inout DatabaseMigrator) { NotificationTables.migrate(&migrator) }

    package func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        switch command.attributes.type {
        case Notify.type: return try TellingPeople(transaction).tell(command)
        case MarkRead.type: return try KeepingInboxes(transaction).markRead(command)
        case ArchiveMessage.type: return try KeepingInboxes(transaction).archive(command)
        case SetContact.type: return try KeepingSettings(transaction).setContact(command)
        case RemoveContact.type: return try KeepingSettings(transaction).removeContact(command)
        case SetPreferences.type: return try KeepingSettings(transaction).setPreferences(command)
        case GiveConsent.type: return try KeepingSettings(transaction).giveConsent(command)
        case Unsubscribe.type: return try KeepingSettings(transaction).unsubscribe(command)
        case ReportBounce.type where transaction.rules.knowsContacts:
            return try EndingDeliveries(transaction).bounce(command)
        case ErasePerson.type: return try ForgettingPeople(transaction).erase(command)
        case AddEndpoint.type: return try KeepingEndpoints(transaction).add(command)
        case ReplayDeliveries.type: return try KeepingEndpoints(transaction).replay(command)
        case let type where ChangeEndpoint.Change(rawValue: type) != nil:
            return try KeepingEndpoints(transaction).change(command)
        case DeliveryReported.type: return try EndingDeliveries(transaction).end(command)
        case TimerDue.type: return try wake(command, in: transaction)
        default:
            return unknown(command.attributes.type, by: transaction.rules)
        }
    }

    private func unknown(_ type: String, by logic: NotificationLogic) -> Disposition {
        let chinese = "通知服务不认识这个请求：\(type)"
        let english = "notifications does not know this request: \(type)"
        return .refused(
            Refusal(
                code: "unknown-command", reason: logic.refusesInBothLanguages ? "\(chinese) / \(english)" : chinese))
    }

    /// Never refuses: a refusal would put the timer back, and it would be due for ever.
    private func wake(_ command: Command, in transaction: Transaction) throws -> Disposition {
        let timer = try command.read(TimerDue.self).data
        let person = PersonID(timer.about)
        switch timer.kind {
        case HoldingMessages.timer: try HoldingMessages(transaction).release(person)
        case WritingDigests.timer: try WritingDigests(transaction).write(to: person)
        default: break
        }
        return .applied
    }
}

extension NotificationRefusal {
    func disposition(_ logic: NotificationLogic) -> Disposition {
        .refused(Refusal(code: rawValue, reason: reason(logic)))
    }
}

extension Transaction {
    var rules: NotificationLogic { NotificationLogic(logic) }

    /// Says that a command was done, where only states, or what became of deliveries, say what came of it: who waits
    /// hears of neither.
    func answer(_ command: Command) throws {
        try emit(
            CommandApplied(commandId: command.attributes.id, commandType: command.attributes.type),
            to: TopicCatalogue.notificationEvents, key: command.attributes.subject)
    }
}
