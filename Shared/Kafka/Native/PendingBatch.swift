/// A batch of records on its way: what was handed over, and what became of each record.
///
/// Lives on the producer's lane and answers its sender exactly once.
final class PendingBatch {
    typealias Answer = CheckedContinuation<[DeliveryReport], any Error>

    let number: UInt32
    private let records: [OutgoingRecord]
    private let cancelled: StopSignal
    private var answer: Answer?
    private var reports: [DeliveryReport?]
    private var sent = 0
    private var unsettled: Int

    init(number: UInt32, records: [OutgoingRecord], cancelled: StopSignal, answer: Answer) {
        self.number = number
        self.records = records
        self.cancelled = cancelled
        self.answer = answer
        reports = Array(repeating: nil, count: records.count)
        unsettled = records.count
    }

    var isCancelled: Bool { cancelled.isSet }

    /// True once every record has its report, and the sender its answer.
    var isSettled: Bool { unsettled == 0 }

    /// The first record that was not handed over yet; nil when all were, or nobody wants them any more.
    var nextUnsent: (index: Int, record: OutgoingRecord)? {
        guard sent < records.count, !isCancelled else { return nil }
        return (sent, records[sent])
    }

    func handedOver() {
        sent += 1
    }

    func settle(_ index: Int, _ report: DeliveryReport) {
        guard reports.indices.contains(index), reports[index] == nil else { return }
        reports[index] = report
        unsettled -= 1
        guard isSettled else { return }
        answer?.resume(returning: reports.compactMap(\.self))
        answer = nil
    }

    /// Fails the records that were never handed over.
    func failUnsent(_ error: KafkaError) {
        for index in sent..<records.count { settle(index, .failed(error)) }
        sent = records.count
    }

    /// Fails every record that has no report yet.
    func fail(_ error: KafkaError) {
        for index in records.indices { settle(index, .failed(error)) }
    }

    /// Answers a cancelled sender at once; records that were never handed over need no report any more.
    func abandon() {
        answer?.resume(throwing: CancellationError())
        answer = nil
        unsettled -= records.count - sent
        sent = records.count
    }
}
