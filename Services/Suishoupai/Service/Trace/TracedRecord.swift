import Contracts
import Foundation
import Kafka

/// What a trace tells of one record: which message, where it lies, and since when.
///
/// Nothing of what it says about people.
struct TracedRecord: Codable, Equatable {
    let id: String
    let causeId: String?
    let correlationId: String
    /// The program that wrote it: `case-routing`.
    let service: String
    let type: String
    let topic: String
    let partition: Int
    let offset: Int64
    /// When the log took it in, in milliseconds since 1970.
    let time: Int64
    let traceParent: String?
    /// Method and route template of the HTTP request that it came by; absent where it follows from another record.
    let request: String?
    /// When that request came, by the clock of the program that took it, in milliseconds since 1970.
    let requestTime: Int64?
    /// The sending to the outside that it is about, and the event that the sending tells of.
    let deliveryId: String?
    var aboutEventId: String?

    /// Nil for a record that is no message of ours, or has no content.
    init?(_ record: KafkaRecord, topic: String) {
        guard let value = record.value else { return nil }
        let attributes: MessageAttributes
        do {
            attributes = try MessageAttributes(value: value)
        } catch {
            // Dead letters keep bytes as they came, and a later version may say more than is known here.
            return nil
        }
        let told = Self.sending(attributes, value)
        self.init(
            attributes, topic: topic, partition: Int(record.partition), offset: record.offset, time: record.timestamp,
            deliveryId: told.delivery, aboutEventId: told.event)
    }

    init(
        _ attributes: MessageAttributes, topic: String, partition: Int, offset: Int64, time: Int64,
        deliveryId: String? = nil, aboutEventId: String? = nil
    ) {
        id = attributes.id.description
        causeId = attributes.causationID?.description
        correlationId = attributes.correlationID.description
        service = attributes.source.split(separator: "/").first.map(String.init) ?? attributes.source
        type = attributes.type
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.time = time
        traceParent = attributes.traceParent
        request = attributes.request
        requestTime = attributes.request.map { _ in attributes.time.milliseconds }
        self.deliveryId = deliveryId
        self.aboutEventId = aboutEventId
    }

    private static func sending(_ attributes: MessageAttributes, _ value: Data) -> (delivery: String?, event: String?) {
        switch attributes.type {
        case DeliveryStarted.type, DeliveryReported.type: return (attributes.subject, nil)
        case DeliveryEnded.type:
            do {
                let ended = try Envelope<DeliveryEnded>(attributes, value: value).data
                return (ended.deliveryId.rawValue, ended.aboutEventId.description)
            } catch {
                // One of a later version: that it belongs to this sending is known all the same.
                return (attributes.subject, nil)
            }
        default: return (nil, nil)
        }
    }

    /// The trace's id by W3C Trace Context: the request's, else the one that follows from its first message.
    var traceId: String { context?.trace ?? correlationId.filter { $0 != "-" } }

    /// The span of the HTTP request that began it, where the caller named one.
    var requestSpanId: String? { context?.span }

    private var context: (trace: String, span: String)? {
        guard let parts = traceParent?.split(separator: "-"), parts.count == 4 else { return nil }
        return (String(parts[1]), String(parts[2]))
    }
}
