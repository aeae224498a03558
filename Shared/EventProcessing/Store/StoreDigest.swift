import Crypto
import Foundation
package import GRDB

/// One number for everything that a machine knows, to compare two copies by.
package enum StoreDigest {
    /// SHA-256 in hex over all rows of the tables, each table in the order of its primary key.
    package static func digest(of tables: [String], in db: Database) throws -> String {
        var hash = SHA256()
        for table in tables {
            hash.update(data: Data("table \(table)\n".utf8))
            try digest(table, into: &hash, in: db)
        }
        return hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
    }

    private static func digest(_ table: String, into hash: inout SHA256, in db: Database) throws {
        let order = try db.primaryKey(table).columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \"\(table)\" ORDER BY \(order)")
        while let row = try rows.next() {
            for (column, value) in row {
                hash.update(data: Data("\(column)=".utf8))
                switch value.storage {
                case .null: hash.update(data: Data("null;".utf8))
                case .int64(let number): hash.update(data: Data("i\(number);".utf8))
                case .double(let number): hash.update(data: Data("d\(number.bitPattern);".utf8))
                case .string(let text):
                    hash.update(data: Data("s\(text.utf8.count):".utf8))
                    hash.update(data: Data(text.utf8))
                case .blob(let data):
                    hash.update(data: Data("b\(data.count):".utf8))
                    hash.update(data: data)
                }
            }
            hash.update(data: Data("\n".utf8))
        }
    }
}
