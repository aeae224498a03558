import Contracts
package import EventProcessing
import NotificationsDomain

extension Translator {
    /// Brings steps of cases, moved points and notices to each whom they concern.
    package static let notifications = Translator(
        name: "notifications", sources: [TopicCatalogue.caseEvents, TopicCatalogue.pointsEvents],
        target: TopicCatalogue.notificationCommands
    ) { record in
        let event = try record.read(NotifiableEvent.self)
        return addressees(of: event.data).map { addressee in
            Translation(
                Notify(event: event, recipientId: addressee.recipientId, role: addressee.role),
                key: addressee.recipientId.rawValue, addressee: addressee.name)
        }
    }
}
