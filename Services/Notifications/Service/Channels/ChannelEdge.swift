import Contracts
package import EventProcessing
import Foundation
import Metrics
import NotificationsDomain
import ObjectStore
package import PersonalKeys
package import ServiceKit

/// Sends what the processor planned: chooses the channel, opens the address, and holds back what a lane does not take.
package struct ChannelEdge: DeliveryEdge {
    private let senders: [Channel: any ChannelSender]
    private let endpointKey: DataFolderKey
    private let people: PersonKeyShelf
    private let lanes: LaneWatch

    /// - Parameters:
    ///   - senders: of the channels that are set up.
    ///   - endpointKey: `DataFolderKey.Name.webhook`, which opens the URLs of endpoints.
    package init(
        senders: [any ChannelSender], endpointKey: DataFolderKey, people: PersonKeyShelf,
        lanes: LaneWatch = LaneWatch()
    ) {
        self.senders = Dictionary(senders.map { ($0.channel, $0) }, uniquingKeysWith: { _, last in last })
        self.endpointKey = endpointKey
        self.people = people
        self.lanes = lanes
    }

    package func canRepeat(_ delivery: PlannedDelivery) -> Bool {
        switch Self.task(of: delivery) {
        case .success(.send(let message)): senders[message.channel]?.canRepeat ?? true
        // Destroying a key twice does what once does; what cannot be read is not sent at all.
        case .success(.eraseKey), .failure: true
        }
    }

    package func send(_ delivery: PlannedDelivery) async -> DeliveryResult {
        switch Self.task(of: delivery) {
        case .failure(let error):
            return .failed(reason: error.sentence, canRetry: false)
        case .success(.eraseKey(let person, let erasedAt)):
            return await forget(person, erasedAt: erasedAt)
        case .success(.send(let message)):
            let result = await tell(message, delivery)
            Counter(
                label: "deliveries_sent_total",
                dimensions: [("channel", message.channel.rawValue), ("result", result.word)]
            ).increment()
            return result
        }
    }

    private func tell(_ message: OutsideMessage, _ delivery: PlannedDelivery) async -> DeliveryResult {
        guard let sender = senders[message.channel] else {
            return .failed(reason: "the channel \(message.channel.rawValue) is not set up", canRetry: false)
        }
        let address: String
        switch await open(message) {
        case .ready(let text): address = text
        case .not(let result): return result
        }
        if let wait = lanes.wait(for: delivery.id, lane: delivery.lane, channel: message.channel, limit: sender.limit) {
            return .postponed(reason: wait.reason, by: wait.time)
        }
        let result = await sender.send(message, to: address, id: delivery.id, attempt: delivery.attempt)
        lanes.note(result, of: delivery.id, lane: delivery.lane)
        return result
    }

    private enum Opened {
        case ready(String)
        case not(DeliveryResult)
    }

    private func open(_ message: OutsideMessage) async -> Opened {
        do {
            switch message.address {
            case .open(let url):
                return .ready(url)
            case .endpoint(let address, let endpointId, _, _):
                return .ready(
                    try address.sealed?.opened(of: endpointId, by: endpointKey) ?? address.text)
            case .sealed(let contact, let contactId):
                guard let key = try await people.key(of: message.recipientId, id: contact.keyId) else {
                    return .not(.gone(reason: "the person's key was destroyed"))
                }
                return .ready(
                    try key.open(contact, of: message.recipientId, on: message.channel, contact: contactId))
            }
        } catch let error as SealError {
            return .not(.failed(reason: "the address cannot be opened: \(error)", canRetry: false))
        } catch let error as PersonKeyError {
            return .not(.failed(reason: error.description, canRetry: true))
        } catch {
            return .not(.failed(reason: "the place of people's keys does not answer", canRetry: true))
        }
    }

    /// Named by its moment: begun once more it destroys the same keys, and none that was made since.
    private func forget(_ person: PersonID, erasedAt: Timestamp) async -> DeliveryResult {
        do {
            try await people.destroy(of: person, erasure: String(erasedAt.milliseconds))
            return .delivered
        } catch {
            return .failed(reason: "the place of people's keys does not answer", canRetry: true)
        }
    }

    private static func task(of delivery: PlannedDelivery) -> Result<OutsideTask, Unreadable> {
        do {
            return .success(try ContractCoding.decode(OutsideTask.self, from: delivery.payload))
        } catch let error as DecodingError {
            return .failure(Unreadable(sentence: error.sentence))
        } catch {
            return .failure(Unreadable(sentence: "the delivery cannot be read"))
        }
    }

    private struct Unreadable: Error {
        let sentence: String
    }
}

extension DeliveryResult {
    /// For a metric.
    fileprivate var word: String {
        switch self {
        case .delivered: "delivered"
        case .failed(_, canRetry: true, _): "failed"
        case .failed: "refused"
        case .gone: "gone"
        case .unknown: "unknown"
        case .postponed: "postponed"
        }
    }
}
