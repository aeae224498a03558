import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import Synchronization
import TestSupport

@testable import Notifications
@testable import Suishoupai

/// Notifications on a broker in this process, beside which the operator's program runs.
final class NotificationsUnderTest: Sendable {
    let broker: BrokerUnderTest
    private let edge = LaneEdge()

    init() async throws {
        broker = try await BrokerUnderTest()
    }

    /// How a lane answers from now on; all else is delivered.
    func answer(_ result: DeliveryResult?, in lane: String) { edge.answers.withLock { $0[lane] = result } }

    /// Runs the processor while the body runs, with a pack in force.
    func running(_ body: @Sendable @escaping (NotificationsUnderTest) async throws -> Void) async throws {
        let processor = ProcessorService(
            NotificationsProcessor(), edge: edge, configuration: broker.configuration("notifications"),
            logger: Logger(label: "test"))
        try await putPackInForce()
        try await beside(processor) { try await body(self) }
        await broker.close()
    }

    func run(_ arguments: String...) async throws -> Program.Answer {
        try await Program.run(arguments + ["--data", broker.data.path(percentEncoded: false)])
    }

    /// What a command answers as JSON, where it succeeds.
    func json<Value: Decodable>(_ type: Value.Type, _ arguments: String...) async throws -> Value {
        let answer = try await Program.run(arguments + ["--data", broker.data.path(percentEncoded: false), "--json"])
        guard answer.status == 0 else { throw Failure(answer: answer) }
        return try JSONDecoder().decode(type, from: Data(answer.output.utf8))
    }

    struct Failure: Error {
        let answer: Program.Answer
    }

    /// Tells of a step of a case.
    func tell(_ step: CaseChanged.Step, to recipient: PersonID, as role: AudienceRole) async throws {
        let reference = CaseReference(
            caseId: "case-1", caseNumber: "MD-1", communityId: "mingdu", ledgerId: "nanchang", category: "E0102",
            kind: .snapshot, reporterIds: ["rider-1"], ownerUnitId: nil, handlerId: nil)
        let change = CaseChanged(step: step, case: reference, at: .now, actorId: nil, reason: nil)
        try await command(
            Notify(
                event: Envelope(.aboutCase(.changed(change)), id: .random(), source: "/case-routing/0", time: .now),
                recipientId: recipient, role: role), key: recipient.rawValue)
    }

    func command(_ payload: some Payload, key: String) async throws {
        try await broker.send(payload, to: TopicCatalogue.notificationCommands, key: key)
    }

    private func putPackInForce() async throws {
        let topic = TopicCatalogue.notificationCommands
        let (parts, activation) = try PackTransport.messages(for: .telling)
        let values =
            try parts.map { try Envelope($0, id: .random(), source: "/suishoupai", time: .now).value() } + [
                try Envelope(activation, id: .random(), source: "/suishoupai", time: .now).value()
            ]
        _ = try await KafkaProducer.withProducer(broker.settings) { producer in
            try await producer.send(
                (0..<Int32(topic.partitions)).flatMap { partition in
                    values.map { OutgoingRecord(topic: topic.name, partition: partition, key: nil, value: $0) }
                })
        }
    }
}

/// Answers by lane.
private final class LaneEdge: DeliveryEdge {
    let answers: Mutex<[String: DeliveryResult]> = Mutex([:])

    func send(_ delivery: PlannedDelivery) async -> DeliveryResult {
        answers.withLock { $0[delivery.lane] } ?? .delivered
    }

    func canRepeat(_ delivery: PlannedDelivery) -> Bool { true }
}

extension Pack {
    /// Tells reporters by mail that their case was closed.
    static let telling = Pack(
        name: "telling", title: "样例", version: 1,
        calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
        communities: [], units: [], people: [], categories: [], routingRules: [], pointRules: [],
        templates: [
            PackTemplate(event: "case.closed", role: .reporter, title: "{caseNumber} 已办结", body: "谢谢您。") {
                $0.channels = [.email]
                $0.critical = true
            }
        ],
        webhooks: [], mergeDistance: 3_000)
}
