import Contracts
import Foundation
import GRDB

/// The stores of a data folder, opened to be read while their owners go on.
struct StoreShelf {
    struct Store {
        /// Such as `case-routing/3`.
        let name: String
        let database: DatabaseQueue

        func rows(_ sql: String) throws -> [Row] {
            try database.read { db in try Row.fetchAll(db, sql: sql) }
        }

        func count(_ sql: String) throws -> Int {
            try database.read { db in try Int.fetchOne(db, sql: sql) ?? 0 }
        }

        func has(_ table: String) throws -> Bool {
            try database.read { db in try db.tableExists(table) }
        }
    }

    let routing: [Store]
    let points: [Store]
    let notifications: [Store]
    let intake: [Store]
    let portal: [Store]

    var processors: [Store] { routing + points + notifications }
    var edges: [Store] { intake + portal }

    /// The processor's store of this name, such as `case-routing/3`.
    func processor(_ name: String) -> Store? { processors.first { $0.name == name } }

    init(_ folder: DataFolder) throws {
        routing = try Self.stores("case-routing", having: "caseReport", in: folder)
        points = try Self.stores("points", having: "account", in: folder)
        notifications = try Self.stores("notifications", having: "told", in: folder)
        intake = try Self.stores("report-intake", having: "report", in: folder)
        portal = try Self.stores("portal", having: "edgeOutbox", in: folder)
    }

    /// The stores of one service; one whose tables are not made yet has nothing to be asked.
    ///
    /// Where hosts have folders of their own, several may have a copy of a partition: the one that has most applied
    /// is the one that its owner works on.
    private static func stores(_ service: String, having table: String, in folder: DataFolder) throws -> [Store] {
        let copies = try ([folder] + folder.hosts()).flatMap { try stores(service, of: $0) }
            .filter { try $0.has(table) }
        let byName = Dictionary(grouping: copies, by: \.name)
        return try byName.sorted { $0.key < $1.key }.flatMap { _, copies in
            guard copies.count > 1, try copies[0].has("machineClock") else { return copies }
            let applied = try copies.map { try $0.count("SELECT COALESCE(MAX(applied), 0) FROM machineClock") }
            return zip(copies, applied).max { $0.1 < $1.1 }.map { [$0.0] } ?? []
        }
    }

    private static func stores(_ service: String, of folder: DataFolder) throws -> [Store] {
        let url = folder.url.appending(path: service)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return [] }
        let files = try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false))
            .filter { $0.hasSuffix(".sqlite") }.sorted()
        return try files.map { file in
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            return Store(
                name: "\(service)/\(file.dropLast(7))",
                database: try DatabaseQueue(
                    path: url.appending(path: file).path(percentEncoded: false), configuration: configuration))
        }
    }
}
