import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

// ExportFault
//   otherAsk      the folder holds the beginning of another export of the topic
//   otherLog      the log that the offsets were of is gone
//   forgotten     the broker lost records before they were read
//   noJSON        a record whose value is none
//   noPartition   a partition that the topic does not have
//   unwritten     a file that cannot be put in its place

/// Why an export cannot be made.
enum ExportFault: Error, Equatable, CustomStringConvertible {
    case otherAsk(folder: String)
    case otherLog
    case forgotten(partition: Int32)
    case noJSON(partition: Int32, offset: Int64)
    case noPartition(Int32, of: Int)
    case unwritten(file: String, errno: Int32)

    var description: String {
        switch self {
        case .otherAsk(let folder):
            "'\(folder)' holds the beginning of another export of this topic: ask for the same, or take another folder."
        case .otherLog:
            "The broker keeps another log than when this export was begun: take another folder."
        case .forgotten(let partition):
            "The broker forgot records of partition \(partition) before they were read: take another folder."
        case .noJSON(let partition, let offset):
            "The record at offset \(offset) of partition \(partition) is no JSON."
        case .noPartition(let partition, let count):
            "There is no partition \(partition): the topic has \(count)."
        case .unwritten(let file, let errno):
            "'\(file)' cannot be written: \(String(cString: strerror(errno)))."
        }
    }
}

/// Brings exactly the records that are asked for from the broker to the disk, also over several starts.
struct ExportRun: Sendable {
    let session: DeploymentSession
    let topic: Topic
    let folder: ExportFolder
    let logger: Logger
    var patience: Duration = .seconds(10)
    /// Records that are made safe together.
    var limit = 2_000
    /// Called when a batch is safe; what it throws ends the export as a kill would.
    var afterBatch: @Sendable (ExportProgress) throws -> Void = { _ in }

    private var name: String { session.name(of: topic) }

    /// Reads to the end of what the partitions held when the export was begun.
    func read(_ ask: ExportAsk) async throws -> (plan: ExportPlan, progress: ExportProgress) {
        try await KafkaConsumer.withConsumer(session.settings, group: nil, logger: logger) { consumer in
            let plan = try await self.plan(ask, consumer)
            var progress = try folder.read(ExportProgress.self, folder.progress) ?? ExportProgress(plan)
            try await read(plan, into: &progress, consumer)
            return (plan, progress)
        }
    }

    private func plan(_ ask: ExportAsk, _ consumer: KafkaConsumer) async throws -> ExportPlan {
        if let begun = try folder.read(ExportPlan.self, folder.plan) {
            guard begun.ask == ask else { throw ExportFault.otherAsk(folder: folder.url.path(percentEncoded: false)) }
            guard begun.log == session.log else { throw ExportFault.otherLog }
            return begun
        }
        let count = try await consumer.partitionCounts(of: [name])[name] ?? 0
        var spans: [ExportSpan] = []
        for wanted in ask.spans ?? (0..<Int32(count)).map({ ExportSpan(partition: $0, start: 0, end: .max) }) {
            guard wanted.partition < count else { throw ExportFault.noPartition(wanted.partition, of: count) }
            let (low, high) = try await consumer.watermarks(TopicPartition(topic: name, partition: wanted.partition))
            let start = max(low, min(wanted.start, high))
            spans.append(ExportSpan(partition: wanted.partition, start: start, end: max(start, min(wanted.end, high))))
        }
        let plan = ExportPlan(ask: ask, log: session.log, spans: spans)
        try folder.keep(plan, in: folder.plan)
        return plan
    }

    private func read(
        _ plan: ExportPlan, into progress: inout ExportProgress, _ consumer: KafkaConsumer
    ) async throws {
        var files: [Int32: FileHandle] = [:]
        for part in progress.parts { files[part.partition] = try folder.open(part) }
        defer { for file in files.values { file.closeFile() } }
        let ends = Dictionary(uniqueKeysWithValues: plan.spans.map { ($0.partition, $0.end) })
        var open = Set(progress.parts.filter { $0.next < ends[$0.partition, default: 0] }.map(\.partition))
        try await consumer.assign(
            progress.parts.filter { open.contains($0.partition) }.map {
                PartitionPosition(
                    partition: TopicPartition(topic: name, partition: $0.partition), offset: .at($0.next))
            })
        var deadline = ContinuousClock.now + patience
        while !open.isEmpty {
            let batch = try await consumer.next(limit: limit, timeout: .milliseconds(100))
            guard batch.positionReset.isEmpty else {
                throw ExportFault.forgotten(partition: batch.positionReset.keys.map(\.partition).min() ?? 0)
            }
            guard !batch.isEmpty else {
                guard ContinuousClock.now < deadline else { throw BrokerAbsence.silent }
                continue
            }
            deadline = ContinuousClock.now + patience
            for index in progress.parts.indices {
                let partition = progress.parts[index].partition
                let records = batch.records.filter { $0.partition == partition }
                guard let file = files[partition], let end = ends[partition] else { continue }
                try take(records.filter { $0.offset < end }, into: &progress.parts[index], file, plan.ask)
                // What compaction took away before the end never comes.
                let isOver = batch.endOfPartition.contains { $0.partition == partition }
                if isOver || (records.last?.offset ?? -1) >= end - 1 {
                    progress.parts[index].next = end
                    open.remove(partition)
                }
            }
            try folder.keep(progress, in: folder.progress)
            try afterBatch(progress)
        }
    }

    private func take(
        _ records: [KafkaRecord], into part: inout ExportProgress.Part, _ file: FileHandle, _ ask: ExportAsk
    ) throws {
        var lines = Data()
        for record in records {
            part.next = record.offset + 1
            guard let value = record.value, try ask.wants(Self.time(of: record, value)) else { continue }
            lines.append(try Self.line(value, of: record))
            lines.append(UInt8(ascii: "\n"))
            part.records += 1
            if let row = record.header(HeaderName.row).flatMap(Int64.init) {
                part.note(row: row, of: record.header(HeaderName.source) ?? "")
            }
        }
        guard !lines.isEmpty else { return }
        try file.write(contentsOf: lines)
        try file.synchronize()
        part.bytes += UInt64(lines.count)
    }

    /// When what the record tells happened; of an outsider's without our envelope, when it was written.
    private static func time(of record: KafkaRecord, _ value: Data) throws -> Timestamp {
        do {
            return try MessageAttributes(value: value).time
        } catch is ContractError {
            return Timestamp(milliseconds: record.timestamp)
        }
    }

    /// The value as it is, but on one line.
    private static func line(_ value: Data, of record: KafkaRecord) throws -> Data {
        guard value.contains(UInt8(ascii: "\n")) else { return value }
        do {
            return try ContractCoding.encode(try ContractCoding.decode(ContractJSON.self, from: value))
        } catch is DecodingError {
            throw ExportFault.noJSON(partition: record.partition, offset: record.offset)
        }
    }
}
