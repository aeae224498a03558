import Contracts
import GRDB

/// Which case is with an outside party by which link, as far as a hash tells.
enum OutsideLinks {
    /// A case has one link at most: the last that was given.
    static func keep(_ state: CaseState, in db: Database) throws {
        guard let hash = state.course?.linkHash, !state.ended else {
            return try db.cachedStatement(sql: "DELETE FROM outsideLink WHERE caseId = ?")
                .execute(arguments: [state.caseId.rawValue])
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO outsideLink (caseId, linkHash) VALUES (?, ?)
                ON CONFLICT (caseId) DO UPDATE SET linkHash = excluded.linkHash
                """
        ).execute(arguments: [state.caseId.rawValue, hash])
    }
}

extension ReadModel {
    /// The case that a link leads to; nil where none does, or does any more.
    func caseState(of link: OutsideLink) async throws -> CaseState? {
        try await read { db in
            let id = try String.fetchOne(
                db, sql: "SELECT caseId FROM outsideLink WHERE linkHash = ?", arguments: [link.hash])
            return try id.flatMap { try Self.caseState(CaseID($0), in: db) }
        }
    }
}
