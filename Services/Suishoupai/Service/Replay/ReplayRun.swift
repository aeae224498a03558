import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// Asks every store for records once more, and waits until each has said that it is done.
struct ReplayRun: Sendable {
    let session: DeploymentSession
    /// How long nothing may be heard before it is given up.
    let patience: Duration
    let logger: Logger

    /// - Returns: What was heard; a partition that is missing has not answered.
    func ask(
        _ asks: [ReplayAsked], progress: @Sendable (_ done: Int, _ wanted: Int) -> Void
    ) async throws -> [ReplayEnded] {
        let control = TopicPartition(topic: session.name(of: TopicCatalogue.control), partition: 0)
        let wanted = asks.compactMap { TopicCatalogue.topic(named: $0.topic)?.partitions }.reduce(0, +)
        return try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
            let end = try await consumer.watermarks(control).high
            try await consumer.assign([PartitionPosition(partition: control, offset: .at(end))])
            let ids = try await send(asks)
            var ended: [String: ReplayEnded] = [:]
            var lastHeard = ContinuousClock.now
            while ended.count < wanted, ContinuousClock.now - lastHeard < patience {
                let batch = try await consumer.next(limit: 500, timeout: .milliseconds(100))
                let before = ended.count
                for value in batch.records.compactMap(\.value) {
                    guard try MessageAttributes(value: value).type == ReplayEnded.type else { continue }
                    let answer = try Envelope<ReplayEnded>(value: value).data
                    guard ids.contains(answer.askId) else { continue }
                    ended["\(answer.topic)/\(answer.partition)"] = answer
                }
                guard ended.count > before else { continue }
                lastHeard = .now
                progress(ended.count, wanted)
            }
            return Array(ended.values)
        }
    }

    private func send(_ asks: [ReplayAsked]) async throws -> Set<MessageID> {
        var ids: Set<MessageID> = []
        var records: [OutgoingRecord] = []
        for ask in asks {
            let envelope = Envelope(ask, id: .random(), source: "/suishoupai", time: .now)
            ids.insert(envelope.id)
            records.append(
                session.record(try envelope.value(), key: ask.subject, to: TopicCatalogue.control, partition: 0))
        }
        try await session.send(records, logger: logger)
        return ids
    }
}
