package import Contracts
package import GRDB

extension EdgeOutbox {
    /// Whether a row was brought to the broker at least once; false also where there is no such row.
    package func wasSent(_ id: MessageID, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT sends > 0 OR state > 0 FROM edgeOutbox WHERE id = ?"),
            arguments: [id.data]) ?? false
    }
}
