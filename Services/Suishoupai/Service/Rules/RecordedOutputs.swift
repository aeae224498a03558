import Contracts
import Foundation
import GRDB

/// What several stores said on a topic, in the order of time; of one store in the order in which it was said.
///
/// Read page by page: there may be millions.
struct RecordedOutputs {
    private struct Said {
        let value: Data
        let time: Timestamp
    }

    private struct Reader {
        let store: StoreShelf.Store
        let topic: String
        private var last = 0
        private var page: ArraySlice<Said> = []
        /// Nil at the end.
        private(set) var head: Said?

        init(_ store: StoreShelf.Store, topic: String) throws {
            self.store = store
            self.topic = topic
            try advance()
        }

        mutating func advance() throws {
            if page.isEmpty { try turn() }
            head = page.popFirst()
        }

        private mutating func turn() throws {
            let rows = try store.database.read { [last, topic] db in
                try Row.fetchAll(
                    db,
                    sql: "SELECT number, value FROM outbox WHERE topic = ? AND number > ? ORDER BY number LIMIT 500",
                    arguments: [topic, last])
            }
            last = rows.last.map { $0["number"] } ?? last
            page = try rows.map { row in
                let value: Data = row["value"]
                return Said(value: value, time: try MessageAttributes(value: value).time)
            }[...]
        }
    }

    private var readers: [Reader]

    init(_ stores: [StoreShelf.Store], of topic: Topic) throws {
        readers = try stores.map { try Reader($0, topic: topic.name) }
    }

    mutating func next() throws -> Data? {
        let heads = readers.indices.compactMap { index in readers[index].head.map { (index, $0) } }
        // The first of several that were said at one time.
        guard let (index, said) = heads.min(by: { $0.1.time < $1.1.time }) else { return nil }
        try readers[index].advance()
        return said.value
    }
}
