import Contracts
import CoreMetrics
import Foundation
import Kafka
import Logging

/// Sendings to the outside: begun here, run beside the loop, ended here.
extension ProcessorLoop {
    /// How long an owner that stops or gives a partition back waits for what it is just sending.
    private static var settling: Duration { .seconds(2) }

    /// Takes in what has ended beside the loop, and gives its places back.
    mutating func endSendings() -> [Int32: [BesideResults.Delivery]] {
        let now = ContinuousClock.now
        let ended = results.takeDeliveries()
        for one in ended {
            book.end(one.delivery.id, in: one.delivery.lane, with: one.result, after: one.duration, at: now)
        }
        return Dictionary(grouping: ended, by: \.partition)
    }

    /// Appends how sendings of a partition ended and which are begun.
    ///
    /// - Returns: What is to be sent beside the loop: its starts were read back.
    mutating func send(
        _ ended: [BesideResults.Delivery], of owner: inout PartitionOwner
    ) async throws -> [@Sendable () async -> Void] {
        guard let edge else { return [] }
        var reports = ended.map { DeliveryReported($0.result, of: $0.delivery) }
        for one in ended { owner.sendings.ended(one.delivery) }
        guard owner.hasCaughtUp, owner.stopped == nil, owner.held.isEmpty else {
            reports += owner.sendings.withdraw(from: &book)
            try await owner.append(reports, through: producer)
            metrics.count(reports)
            return []
        }
        let now = configuration.now()
        let step = try await owner.sendings.step(edge: edge, book: &book, at: now)
        reports += step.ends + (try await owner.sendings.late(at: now))
        try await owner.append(reports, step.starts, through: producer)
        metrics.count(reports)
        for unknown in step.ends {
            logger.warning(
                "A sending was begun and never heard of again: whether it arrived is unknown",
                metadata: ["delivery": "\(unknown.deliveryId)", "attempt": "\(unknown.attempt)"])
        }
        return step.toSend.map { sending($0, of: owner.store.partition, through: edge) }
    }

    /// Appends how sendings ended whose partition was given to another owner meanwhile: it waits for that.
    func reportStray(_ ended: [Int32: [BesideResults.Delivery]]) async throws {
        for (partition, stray) in ended.sorted(by: { $0.key < $1.key }) where owners[partition] == nil {
            let writer = RecordWriter(
                configuration: configuration, session: session, source: "\(processor.name)/\(partition)")
            let reports = stray.map { DeliveryReported($0.result, of: $0.delivery) }
            try await producer.sendAll(
                try reports.map { try writer.ownerCommand($0, to: processor.commandTopic, partition: partition) })
            metrics.count(reports)
        }
    }

    /// Waits a little for what is just being sent, and takes back what is only begun.
    mutating func settleSendings() async throws {
        for partition in owners.keys.sorted() {
            guard let reports = owners[partition]?.sendings.withdraw(from: &book) else { continue }
            try await owners[partition]?.append(reports, through: producer)
        }
        let deadline = ContinuousClock.now + Self.settling
        while book.taken > 0, ContinuousClock.now < deadline, !Task.isCancelled {
            for (partition, ended) in endSendings().sorted(by: { $0.key < $1.key }) {
                try await reportEnded(ended, of: partition)
            }
            do { try await Task.sleep(for: .milliseconds(20)) } catch is CancellationError { break }
        }
    }

    private mutating func reportEnded(_ ended: [BesideResults.Delivery], of partition: Int32) async throws {
        guard let owner = owners[partition] else { return try await reportStray([partition: ended]) }
        let reports = ended.map { DeliveryReported($0.result, of: $0.delivery) }
        try await owner.append(reports, through: producer)
        metrics.count(reports)
    }

    func measureSendings() async throws {
        guard edge != nil else { return }
        let now = configuration.now()
        var oldest: Int64 = 0
        for owner in owners.values {
            guard let next = try await owner.store.nextDelivery() else { continue }
            oldest = max(oldest, now.milliseconds - next.milliseconds)
        }
        metrics.inFlight.record(book.taken)
        metrics.oldestDelivery.record(Double(oldest) / 1_000)
    }

    private func sending(
        _ delivery: PlannedDelivery, of partition: Int32, through edge: any DeliveryEdge
    ) -> @Sendable () async -> Void {
        { [configuration, results] in
            let begin = ContinuousClock.now
            let isLate = delivery.notAfter.map { $0 < configuration.now() } ?? false
            let result =
                isLate
                ? DeliveryResult.failed(reason: PartitionSendings.lateReason, canRetry: false)
                : await edge.send(delivery)
            // What a sending says that was cut off says nothing about where it goes.
            guard !Task.isCancelled else { return }
            results.add(
                BesideResults.Delivery(
                    partition: partition, delivery: delivery, result: result, duration: ContinuousClock.now - begin))
        }
    }
}

extension PartitionOwner {
    /// Appends how sendings ended and which are begun to the owner's own partition.
    func append(
        _ reports: [DeliveryReported], _ starts: [DeliveryStarted] = [], through producer: KafkaProducer
    ) async throws {
        try await producer.sendAll(try reports.map { try command($0) } + starts.map { try command($0) })
    }
}

extension DeliveryReported {
    init(_ result: DeliveryResult, of delivery: PlannedDelivery) {
        let (id, attempt) = (delivery.id, delivery.attempt)
        switch result {
        case .delivered:
            self.init(deliveryId: id, attempt: attempt, outcome: .delivered)
        case .failed(let reason, let canRetry, let retryAfter):
            self.init(
                deliveryId: id, attempt: attempt, outcome: .failed, canRetry: canRetry,
                retryAfter: retryAfter?.milliseconds, reason: reason)
        case .gone(let reason):
            self.init(deliveryId: id, attempt: attempt, outcome: .gone, reason: reason)
        case .unknown(let reason):
            self.init(deliveryId: id, attempt: attempt, outcome: .unknown, reason: reason)
        case .postponed(let reason, let wait):
            self.init(
                deliveryId: id, attempt: attempt, outcome: .postponed, retryAfter: wait.milliseconds, reason: reason)
        }
    }
}

extension Duration {
    /// Rounded up, so that nothing is tried too early; never below zero.
    fileprivate var milliseconds: Int64 {
        let (seconds, rest) = components
        return max(min(seconds, 1 << 40) * 1_000 + (rest + 999_999_999_999_999) / 1_000_000_000_000_000, 0)
    }
}
