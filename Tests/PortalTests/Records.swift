import Contracts
import EventProcessing
import Foundation
import GRDB
import ServiceKit
import TestSupport

@testable import Portal

extension IncomingRecord {
    /// A message as it comes from the topic that the catalogue has for it.
    static func of(
        _ payload: some Payload, id: MessageID = .random(), cause: MessageID? = nil,
        at moment: Timestamp = PortalUnderTest.noon
    ) throws -> IncomingRecord {
        var attributes = Envelope(payload, id: id, source: "/test", time: moment).attributes
        attributes.causationID = cause
        let value = try Envelope(attributes: attributes, data: payload).value()
        return try of(value, from: topic(of: payload))
    }

    /// The bytes of one record.
    static func of(_ value: Data, from topic: Topic) throws -> IncomingRecord {
        let attributes = try MessageAttributes(value: value)
        return IncomingRecord(
            topic: topic.name, partition: 0, offset: 0, attributes: attributes, value: value, key: attributes.subject,
            stamp: attributes.time)
    }

    private static func topic(of payload: some Payload) -> Topic {
        switch payload {
        case is CaseState: TopicCatalogue.cases
        case is OpenCaseState: TopicCatalogue.openCases
        case is RatesPublished: TopicCatalogue.caseRates
        case is OpenReferenceState: TopicCatalogue.openReference
        case is CampaignState: TopicCatalogue.campaigns
        case is PointsMoved, is OrderChanged, is StockMoved, is HoursRecorded, is NoticeChanged, is SignalRaised,
            is SignalReviewed, is PeriodClosed:
            TopicCatalogue.pointsEvents
        case is OrderState: TopicCatalogue.orders
        case is StockState: TopicCatalogue.stocks
        case is AccountState: TopicCatalogue.accounts
        case is InboxMessageState: TopicCatalogue.inboxes
        case is InboxMessageRead: TopicCatalogue.notificationEvents
        case is PersonLookedUp: TopicCatalogue.accessLog
        case is PackPart, is PackActivated, is PlatformKeyGranted, is PlatformKeyRevoked: TopicCatalogue.reference
        case is EndpointState: TopicCatalogue.webhookEndpoints
        default: TopicCatalogue.caseEvents
        }
    }

    /// The same record with another text somewhere in it.
    func replacing(_ text: String, with other: String) throws -> IncomingRecord {
        let changed = String(decoding: value, as: UTF8.self).replacing(text, with: other)
        return try .of(Data(changed.utf8), from: TopicCatalogue.topic(named: topic) ?? TopicCatalogue.caseEvents)
    }
}

/// A command that lies in the outbox.
struct SentCommand: Sendable {
    let id: MessageID
    let topic: String
    let key: String
    let value: Data

    func read<Command: Message>(_ type: Command.Type) throws -> Envelope<Command> {
        try Envelope<Command>(value: value)
    }
}

extension PortalUnderTest {
    /// The commands that were taken, in order.
    func commands() async throws -> [SentCommand] {
        try await readModel.read { db in
            try Row.fetchAll(db, sql: "SELECT id, topic, key, value FROM edgeOutbox ORDER BY number").compactMap {
                row in
                let value: Data = row["value"]
                let id: Data = row["id"]
                return MessageID(data: id).map {
                    SentCommand(id: $0, topic: row["topic"], key: row["key"], value: value)
                }
            }
        }
    }

    /// Waits until so many commands were taken, and gives the last of them.
    func command(_ number: Int = 1) async throws -> SentCommand {
        try await eventually("command \(number) is taken") {
            let commands = try await commands()
            return commands.count >= number ? commands[number - 1] : nil
        }
    }
}
