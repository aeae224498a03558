import Contracts
import EventProcessing
package import Foundation
package import GRDB

/// What the district's overview is counted from: public topics alone, in a file of its own.
///
/// Nothing else is in it, so that it can be thrown away at any time: the topics fill it again.
package struct OverviewStore: Sendable {
    package let database: any DatabaseWriter

    /// Opens `D/portal/overview-<replica>.sqlite`, or makes it.
    ///
    /// - Throws: `StoreError.newer` where a newer program wrote it.
    package static func open(_ url: URL) throws -> OverviewStore {
        OverviewStore(
            database: try StoreFile.open(url) { migrator in
                ProjectionService.migrate(&migrator)
                migrate(&migrator)
            })
    }

    private static func migrate(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("overview 1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE publicCase (
                        caseId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, caseNumber TEXT NOT NULL,
                        communityId TEXT NOT NULL, kind TEXT NOT NULL, category TEXT NOT NULL, stage TEXT NOT NULL,
                        latitudeE7 INTEGER, longitudeE7 INTEGER, openedAt INTEGER NOT NULL, closedAt INTEGER,
                        isOverdue INTEGER NOT NULL, reopens INTEGER NOT NULL, reporters INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX publicCaseOpened
                        ON publicCase (openedAt, communityId, kind, category, stage, isOverdue, reopens);
                    CREATE INDEX publicCaseClosed
                        ON publicCase (closedAt, communityId, isOverdue) WHERE stage = 'closed';
                    CREATE TABLE publishedDay (
                        communityId TEXT NOT NULL, day TEXT NOT NULL, revision INTEGER NOT NULL,
                        minimumSample INTEGER NOT NULL, utcOffsetMinutes INTEGER NOT NULL,
                        PRIMARY KEY (communityId, day)
                    ) WITHOUT ROWID;
                    CREATE TABLE publishedCount (
                        communityId TEXT NOT NULL, day TEXT NOT NULL, count TEXT NOT NULL, value INTEGER NOT NULL,
                        PRIMARY KEY (communityId, day, count)
                    ) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("overview 2") { db in
            try db.execute(
                sql: """
                    CREATE TABLE publicReference (
                        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), state BLOB NOT NULL
                    )
                    """)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await database.read(body)
    }
}

/// Fills the overview from public topics, and from no other.
///
/// The same records give the same tables in whatever order and however often they come: the higher version or revision
/// counts. Of packs the last counts, since a city may go back to an earlier one; their topic has one partition.
struct OverviewProjection: Projection {
    var name: String { "overview" }
    /// A test holds that each of them is for everybody.
    var topics: [Topic] { [TopicCatalogue.openCases, TopicCatalogue.caseRates, TopicCatalogue.openReference] }

    func apply(_ record: IncomingRecord, in db: Database) throws {
        switch record.attributes.type {
        case OpenCaseState.type: try keep(try record.read(OpenCaseState.self).data, in: db)
        case RatesPublished.type: try keep(try record.read(RatesPublished.self).data, in: db)
        case OpenReferenceState.type: try keep(try record.read(OpenReferenceState.self).data, in: db)
        default: throw ContractError.unknownType(record.attributes.type)
        }
    }

    private func keep(_ state: OpenCaseState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO publicCase VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                ON CONFLICT (caseId) DO UPDATE SET version = ?2, caseNumber = ?3, communityId = ?4, kind = ?5,
                    category = ?6, stage = ?7, latitudeE7 = ?8, longitudeE7 = ?9, openedAt = ?10, closedAt = ?11,
                    isOverdue = ?12, reopens = ?13, reporters = ?14
                WHERE ?2 > version
                """
        ).execute(arguments: [
            state.caseId.rawValue, state.version, state.caseNumber, state.communityId.rawValue, state.kind.rawValue,
            state.category.rawValue, state.stage.rawValue, state.location?.latitudeE7, state.location?.longitudeE7,
            state.openedAt.milliseconds, state.closedAt?.milliseconds, state.isOverdue, state.reopens,
            state.reporters,
        ])
    }

    private func keep(_ state: OpenReferenceState, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO publicReference VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET state = ?1",
            arguments: [try ContractCoding.encode(state)])
    }

    /// Keeps a day's counts of a community over its units; weeks and months are sums of days.
    private func keep(_ rates: RatesPublished, in db: Database) throws {
        guard rates.period.utf8.count == 10 else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO publishedDay VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT DO UPDATE SET revision = ?3, minimumSample = ?4, utcOffsetMinutes = ?5 WHERE ?3 > revision
                """
        ).execute(arguments: [
            rates.communityId.rawValue, rates.period, rates.revision, rates.minimumSample, rates.utcOffsetMinutes,
        ])
        guard db.changesCount > 0 else { return }
        let place = [rates.communityId.rawValue, rates.period]
        try db.cachedStatement(sql: "DELETE FROM publishedCount WHERE communityId = ? AND day = ?").execute(
            arguments: StatementArguments(place))
        let sums = rates.units.reduce(into: RateCounts()) { $0 += $1.counts }
        let insert = try db.cachedStatement(sql: "INSERT INTO publishedCount VALUES (?, ?, ?, ?)")
        for count in RateCount.allCases where sums[count] != 0 {
            try insert.execute(arguments: [place[0], place[1], count.rawValue, sums[count]])
        }
    }
}
