import Contracts
import GRDB
import Synchronization

/// Removes outcomes of commands that nobody here will ask for: this instance did not take the command, and whoever sends
/// it once more does so long before.
///
/// Goes over each outcome once, the oldest first. What a transaction that is rolled back leaves behind is found at the
/// next start.
final class OutcomePruning: Sendable {
    private struct Place {
        var at = Int64.min
        var commandId = ""
    }

    /// How long an outcome is kept, in milliseconds.
    static let keptFor: Int64 = 7 * 86_400_000
    /// How many are looked at for each outcome that comes.
    static let batch = 100

    private let place = Mutex(Place())

    /// Takes note of an outcome that was kept; it may be older than what was looked at.
    func note(keptAt moment: Timestamp) {
        place.withLock { place in
            if moment.milliseconds <= place.at { place = Place(at: moment.milliseconds, commandId: "") }
        }
    }

    /// Looks at the next of those that are old enough.
    func prune(before moment: Timestamp, in db: Database) throws {
        let from = place.withLock { $0 }
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT commandId, at, EXISTS (SELECT 1 FROM command WHERE id = commandId) AS isOurs
                    FROM commandOutcome WHERE at < ?1 AND (at, commandId) > (?2, ?3) ORDER BY at, commandId LIMIT ?4
                    """), arguments: [moment.milliseconds, from.at, from.commandId, Self.batch])
        guard let last = rows.last else { return }
        let removal = try db.cachedStatement(sql: "DELETE FROM commandOutcome WHERE commandId = ?")
        for row in rows where !(row["isOurs"] as Bool) { try removal.execute(arguments: [row["commandId"] as String]) }
        place.withLock { $0 = Place(at: last["at"], commandId: last["commandId"]) }
    }
}
