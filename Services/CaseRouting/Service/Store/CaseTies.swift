import CaseRoutingDomain
import Contracts
import GRDB

/// Which cases are parts of others.
struct CaseTies {
    let db: Database

    /// So many are named to who asks.
    private static let mostNamed = 5

    func keep(_ new: Case, insteadOf old: Case?) throws {
        guard new.same?.parentId != nil || old?.same?.parentId != nil else { return }
        guard let parentId = new.same?.parentId else {
            try db.cachedStatement(sql: "DELETE FROM casePart WHERE caseId = ?").execute(arguments: [new.id.rawValue])
            return
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO casePart (caseId, parentId, number, isOpen) VALUES (?, ?, ?, ?)
                ON CONFLICT (caseId) DO UPDATE SET parentId = excluded.parentId, isOpen = excluded.isOpen
                """
        ).execute(arguments: [new.id.rawValue, parentId.rawValue, new.number, new.isOpen])
    }

    func openParts(of id: CaseID) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT number FROM casePart WHERE parentId = ? AND isOpen = 1 ORDER BY number, caseId LIMIT ?
                """)
        return try String.fetchAll(statement, arguments: [id.rawValue, Self.mostNamed])
    }

    func hasParts(_ id: CaseID) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM casePart WHERE parentId = ?)")
        return try Bool.fetchOne(statement, arguments: [id.rawValue]) ?? false
    }
}
