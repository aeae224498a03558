import Contracts
import GRDB

/// By which of its logics a processor decides, at this point of the log.
///
/// Every machine begins with logic 1 and goes on to a higher one where the log says so, so that whoever applies the same
/// log decides each record by the same logic, whatever version of the program it is.
enum LogicInForce {
    static let first = 1

    static func number(in db: Database) throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT number FROM machineLogic WHERE one = 1")) ?? first
    }

    /// Goes on to a higher logic; a lower one, said once more by an owner that was late, changes nothing.
    ///
    /// - Throws: `LogicError.unknown` where this program does not know it: the partition must stop.
    static func activate(_ activation: LogicActivated, known: Int, in db: Database) throws {
        guard activation.logic <= known else {
            throw LogicError.unknown(logic: activation.logic, known: known)
        }
        guard try activation.logic > number(in: db) else { return }
        try db.execute(
            sql: "INSERT OR REPLACE INTO machineLogic (one, number) VALUES (1, ?)", arguments: [activation.logic])
    }
}

/// Why a partition cannot go on with this program.
enum LogicError: Error, CustomStringConvertible {
    case unknown(logic: Int, known: Int)

    var description: String {
        switch self {
        case .unknown(let logic, let known):
            "from here on records are decided by logic \(logic), this program knows up to \(known)"
        }
    }
}
