package import GRDB

/// A number that a processor's stores know by heart: for those who watch, never for `decide`.
///
/// It is asked of each partition every few seconds between two batches, so it must come from an index and take no longer
/// than a moment, however large the store.
package struct StoreFigure: Sendable {
    /// The gauge's name, as docs/metrics.md lists it; the figures of all partitions of a process are added up.
    package let name: String
    package let value: @Sendable (Database) throws -> Int

    package init(_ name: String, value: @escaping @Sendable (Database) throws -> Int) {
        self.name = name
        self.value = value
    }

    /// What one number of SQL says; nothing counts as 0.
    package init(_ name: String, sql: String) {
        self.init(name) { db in try Int.fetchOne(db.cachedStatement(sql: sql)) ?? 0 }
    }
}
