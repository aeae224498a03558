import Contracts
import GRDB

/// The table of endpoints; one that was removed stays, so that its secret is never given out again.
enum EndpointRows {
    static func find(_ id: EndpointID, in db: Database) throws -> EndpointState? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM endpoint WHERE id = ?"), arguments: [id.rawValue]
        ).map { try PersonRows.read($0, as: EndpointState.self) }
    }

    /// Those that were not removed, by id.
    static func all(in db: Database) throws -> [EndpointState] {
        try String.fetchAll(
            db.cachedStatement(sql: "SELECT state FROM endpoint WHERE ended = 0 ORDER BY id")
        ).map { try PersonRows.read($0, as: EndpointState.self) }
    }

    static func save(_ endpoint: EndpointState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO endpoint (id, ended, state) VALUES (?1, ?2, ?3)
                ON CONFLICT (id) DO UPDATE SET ended = ?2, state = ?3
                """
        ).execute(arguments: [endpoint.endpointId.rawValue, endpoint.ended, try ContractCoding.text(endpoint)])
    }
}
