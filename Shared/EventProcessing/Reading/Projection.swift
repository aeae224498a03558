package import Contracts
package import Foundation
package import GRDB

/// A read model: tables filled from topics, in one store of one process.
///
/// Records may come more than once. A state replaces a row only by a higher version; an event is known by its id.
package protocol Projection: Sendable {
    var name: String { get }
    var topics: [Topic] { get }

    /// Takes in one record, in the transaction that also notes how far was read.
    ///
    /// - Throws: `ContractError.unknownType` for what it does not know, which is passed over. Any other `ContractError`
    ///   is noted and passed over, loudly; a database error ends the process.
    func apply(_ record: IncomingRecord, in db: Database) throws
}

/// A record as a read model sees it.
package struct IncomingRecord: Sendable {
    /// The catalogue's name.
    package let topic: String
    package let partition: Int32
    package let offset: Int64
    package let attributes: MessageAttributes
    package let value: Data
    package let key: String
    package let stamp: Timestamp

    package init(
        topic: String, partition: Int32, offset: Int64, attributes: MessageAttributes, value: Data, key: String,
        stamp: Timestamp
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.attributes = attributes
        self.value = value
        self.key = key
        self.stamp = stamp
    }

    package func read<P: Payload>(_ type: P.Type) throws -> Envelope<P> {
        try Envelope<P>(attributes, value: value)
    }
}

/// How far an instance has read: the next offset of each partition, and the log that they count.
///
/// As text it fits a header: `log:case-events.v1/0=12,…`.
package struct ReadPosition: Sendable, Equatable {
    package var log: String
    package var offsets: [String: Int64]

    package init(log: String, offsets: [String: Int64]) {
        self.log = log
        self.offsets = offsets
    }

    package init?(text: String) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        var offsets: [String: Int64] = [:]
        for part in halves[1].split(separator: ",") {
            let sides = part.split(separator: "=")
            guard sides.count == 2, let offset = Int64(sides[1]) else { return nil }
            offsets[String(sides[0])] = offset
        }
        self.init(log: String(halves[0]), offsets: offsets)
    }

    package var text: String {
        "\(log):" + offsets.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// Whether everything that `other` has read was read here, too.
    ///
    /// Positions of different logs cannot be compared.
    package func reaches(_ other: ReadPosition) -> Bool {
        log != other.log || other.offsets.allSatisfy { (offsets[$0.key] ?? 0) >= $0.value }
    }
}
