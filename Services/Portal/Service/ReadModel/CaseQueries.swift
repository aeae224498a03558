import Contracts
import Foundation
import GRDB

/// A case event as it is kept, with its place in this instance's order.
struct CaseStep: Sendable {
    let sequence: Int64
    let event: Envelope<CaseEvent>
}

extension ReadModel {
    /// Up to `limit` cases, in the order of the filter, behind `place`.
    func cases(_ filter: CaseFilter, after place: CasePlace?, limit: Int) async throws -> [CaseState] {
        try await read { db in
            let body = try db.cachedStatement(sql: "SELECT body FROM caseState WHERE place = ?")
            return try CaseSearch(filter).places(after: place, limit: limit, in: db).compactMap {
                try String.fetchOne(body, arguments: [$0]).map(CaseTables.state)
            }
        }
    }

    /// How many cases fit; stops counting at `most`.
    func countCases(_ filter: CaseFilter, atMost most: Int) async throws -> Int {
        try await read { db in try CaseSearch(filter).count(atMost: most, in: db) }
    }

    func caseState(_ id: CaseID) async throws -> CaseState? {
        try await read { db in try Self.caseState(id, in: db) }
    }

    static func caseState(_ id: CaseID, in db: Database) throws -> CaseState? {
        try String.fetchOne(db, sql: "SELECT body FROM caseState WHERE caseId = ?", arguments: [id.rawValue])
            .map(CaseTables.state)
    }

    /// Everything that happened to a case, oldest first.
    func timeline(of id: CaseID) async throws -> [CaseStep] {
        try await read { db in
            try Self.steps(
                in: db, "WHERE caseId = ? ORDER BY at, sequence LIMIT 1000", arguments: [id.rawValue])
        }
    }

    /// Every record of a case, as it came.
    func log(of id: CaseID) async throws -> [CaseRecord] {
        try await read { db in
            try String.fetchAll(
                db, sql: "SELECT body FROM caseEvent WHERE caseId = ? ORDER BY at, sequence LIMIT 10000",
                arguments: [id.rawValue]
            ).map { body in
                let value = Data(body.utf8)
                return CaseRecord(
                    entry: try Envelope<CaseLogEntry>(value: value),
                    data: try ContractCoding.decode(ContractJSON.self, from: value)["data"])
            }
        }
    }

    /// Every record of a case as it came, all of it, to be held against its hashes.
    func rawLog(of id: CaseID) async throws -> [ContractJSON] {
        try await read { db in
            try String.fetchAll(
                db, sql: "SELECT body FROM caseEvent WHERE caseId = ? ORDER BY at, sequence LIMIT 10000",
                arguments: [id.rawValue]
            ).map { try ContractCoding.decode(ContractJSON.self, from: Data($0.utf8)) }
        }
    }

    /// What came to this instance behind `sequence`, in the order of coming.
    func steps(after sequence: Int64, limit: Int) async throws -> [CaseStep] {
        try await read { db in
            try Self.steps(in: db, "WHERE sequence > ? ORDER BY sequence LIMIT ?", arguments: [sequence, limit])
        }
    }

    /// The number of the newest event here, and that of the event `id`, where it is known.
    func places(of id: String?) async throws -> (newest: Int64, known: Int64?) {
        try await read { db in
            let newest = try Int64.fetchOne(db, sql: "SELECT MAX(sequence) FROM caseEvent") ?? 0
            let known = try id.flatMap {
                try Int64.fetchOne(db, sql: "SELECT sequence FROM caseEvent WHERE id = ?", arguments: [$0])
            }
            return (newest, known)
        }
    }

    static func steps(in db: Database, _ clause: String, arguments: StatementArguments) throws -> [CaseStep] {
        try Row.fetchAll(db, sql: "SELECT sequence, body FROM caseEvent \(clause)", arguments: arguments).map { row in
            let body: String = row["body"]
            return CaseStep(sequence: row["sequence"], event: try Envelope<CaseEvent>(value: Data(body.utf8)))
        }
    }
}

/// Conditions of a query, joined by AND.
struct Conditions {
    private var parts: [String] = []
    private(set) var arguments = StatementArguments()

    mutating func append(sql: String, arguments: StatementArguments = []) {
        parts.append(sql)
        self.arguments += arguments
    }

    mutating func append(column: String, equals value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        append(sql: "\(column) = ?", arguments: [value])
    }

    mutating func append(column: String, isIn values: [String]) throws {
        append(
            sql: "\(column) IN (SELECT value FROM json_each(?))", arguments: [try ContractCoding.text(values)])
    }

    mutating func append(_ others: Conditions) {
        parts += others.parts
        arguments += others.arguments
    }

    var whereClause: String { parts.isEmpty ? "" : "WHERE " + parts.joined(separator: " AND ") }
}
