import Contracts
import Foundation
import GRDB

/// The records of one case, and the newest link by its state.
struct CaseRecords {
    let caseId: String
    let events: [ContractJSON]
    let head: CaseChain?

    /// From what the stores of a data folder said; nil where no case has this id or number.
    ///
    /// Of several cases with the number, in several communities, the caller must choose by id.
    static func find(_ name: String, in shelf: StoreShelf) throws -> CaseRecords? {
        var found: [(store: StoreShelf.Store, id: String)] = []
        for store in shelf.routing {
            let ids = try store.database.read { db in
                try String.fetchAll(
                    db, sql: "SELECT id FROM caseFile WHERE id = ?1 OR number = ?1 ORDER BY id", arguments: [name])
            }
            found += ids.map { (store, $0) }
        }
        guard found.count < 2 else { throw CaseRecordsFault.severalCases(found.map(\.id)) }
        guard let place = found.first else { return nil }
        // One moment of the store, since its owner goes on.
        let (events, state) = try place.store.database.read { db in
            (
                try Data.fetchAll(
                    db,
                    sql: """
                        SELECT value FROM outbox
                        WHERE topic = 'case-events.v1' AND instr(CAST(value AS TEXT), ?) > 0 ORDER BY number
                        """, arguments: [place.id]),
                try Data.fetchOne(
                    db, sql: "SELECT value FROM outbox WHERE topic = 'cases.v1' AND key = ? ORDER BY number DESC",
                    arguments: [place.id])
            )
        }
        return CaseRecords(
            caseId: place.id, records: try (events + [state].compactMap(\.self)).map(ContractJSON.init(record:)))
    }

    /// From lines of records, such as `kcat` prints them; nil where no line is about the case.
    static func find(_ name: String, in lines: [String]) throws -> CaseRecords? {
        var records: [ContractJSON] = []
        for (index, line) in lines.enumerated() where line.contains(name) {
            do {
                records.append(try ContractJSON(record: Data(line.utf8)))
            } catch {
                throw CaseRecordsFault.noRecord(line: index + 1)
            }
        }
        let ids = Set(records.filter { $0.caseId == name || $0.caseNumber == name }.compactMap(\.caseId)).sorted()
        guard ids.count < 2 else { throw CaseRecordsFault.severalCases(ids) }
        return ids.first.map { CaseRecords(caseId: $0, records: records) }
    }

    private init(caseId: String, records: [ContractJSON]) {
        self.caseId = caseId
        // What everybody reads of a case is no step of it.
        let own = records.filter { $0.caseId == caseId && $0["type"]?.words != OpenCaseState.type }
        events = own.filter { $0["type"]?.words != CaseState.type }
        head = own.filter { $0["type"]?.words == CaseState.type }
            .max { $0["data"]?["version"]?.whole ?? 0 < $1["data"]?["version"]?.whole ?? 0 }
            .flatMap { state in
                let chain = state["data"]?["chain"]
                guard let number = chain?["number"]?.whole, let hash = chain?["hash"]?.words else { return nil }
                return CaseChain(number: number, hash: hash)
            }
    }
}

/// Why the records of a case cannot be told.
enum CaseRecordsFault: Error, CustomStringConvertible {
    case severalCases([String])
    case noRecord(line: Int)

    var description: String {
        switch self {
        case .severalCases(let ids):
            "Several cases have this number: say which by its id, one of \(ids.joined(separator: ", "))."
        case .noRecord(let line):
            "Line \(line) is no record: give one JSON object a line, as 'kcat -C -e -q' prints them."
        }
    }
}

extension ContractJSON {
    fileprivate init(record: Data) throws {
        self = try ContractCoding.decode(ContractJSON.self, from: record)
    }

    fileprivate var words: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    fileprivate var whole: Int? {
        guard case .integer(let number) = self else { return nil }
        return Int(exactly: number)
    }

    /// Of an event or a state of a case.
    fileprivate var caseId: String? { (self["data"]?["case"] ?? self["data"])?["caseId"]?.words }
    fileprivate var caseNumber: String? { (self["data"]?["case"] ?? self["data"])?["caseNumber"]?.words }
}
