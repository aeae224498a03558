import Contracts
import Crypto
import EventProcessing
import Foundation
import GRDB
import TestSupport

/// Of each partition the copy that has most applied, whichever host has it: what counts in the end.
struct BestStores {
    private let files: [URL]

    init(_ deployment: Deployment) throws {
        let root = URL(filePath: deployment.data)
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))
        let hosts = [root] + names.filter { $0.hasPrefix("host-") }.sorted().map { root.appending(path: $0) }
        files = try ["case-routing", "points", "notifications"].flatMap { processor in
            try (0..<Int32(4)).compactMap { partition in
                try hosts.map { PartitionStore.url(dataFolder: $0, processor: processor, partition: partition) }
                    .filter { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) }
                    .max { try Self.applied($0) < Self.applied($1) }
            }
        }
    }

    private static func open(_ file: URL) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: file.path(percentEncoded: false), configuration: configuration)
    }

    private static func applied(_ file: URL) throws -> Int {
        try open(file).read { db in
            guard try db.tableExists("machineClock") else { return -1 }
            return try Int.fetchOne(db, sql: "SELECT applied FROM machineClock") ?? 0
        }
    }

    func rows(_ sql: String, having table: String) throws -> [Row] {
        try files.flatMap { file in
            try Self.open(file).read { db in
                try db.tableExists(table) ? Row.fetchAll(db, sql: sql) : []
            }
        }
    }

    /// The digest of every row that was said, by its topic and id.
    func written() throws -> [String: SHA256.Digest] {
        let rows = try rows(
            """
            SELECT topic, value FROM outbox WHERE topic NOT LIKE '%commands%' AND topic NOT LIKE '%dead-letters%'
            """, having: "outbox")
        return try rows.reduce(into: [:]) { written, row in
            let value: Data = row["value"]
            written["\(row["topic"] as String) \(try MessageAttributes(value: value).id)"] = SHA256.hash(data: value)
        }
    }
}
