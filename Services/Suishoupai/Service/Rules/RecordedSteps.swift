import Contracts
import Foundation
import GRDB
import OwnerRules

/// A step of a case that matters for who owns what, as routing recorded it.
enum RecordedStep {
    /// An owner was sought: the case is new, or has another category now.
    case sought(CaseID, number: String, OwnerQuestion)
    case recategorized(CaseID, CategoryCode, at: Timestamp)
    case joined(CaseID)
    /// It keeps nobody busy any more.
    case ended(CaseID)
    case openedAgain(CaseID)
}

/// The steps that a store of routing recorded, in order, read one by one: there may be millions.
struct RecordedSteps {
    private let store: StoreShelf.Store

    init(_ store: StoreShelf.Store) {
        self.store = store
    }

    func forEach(_ body: (RecordedStep) throws -> Void) throws {
        try store.database.read { db in
            let values = try Row.fetchCursor(
                db, sql: "SELECT value FROM outbox WHERE topic = ? ORDER BY number",
                arguments: [TopicCatalogue.caseEvents.name])
            while let row = try values.next() {
                if let step = try Self.step(row["value"]) { try body(step) }
            }
        }
    }

    private static func step(_ value: Data) throws -> RecordedStep? {
        let type = try MessageAttributes(value: value).type
        switch type {
        case CaseOpened.type:
            let opened = try Envelope<CaseOpened>(value: value).data
            let question = OwnerQuestion(
                category: opened.category, communityId: opened.communityId, location: opened.location,
                kind: opened.kind, now: opened.openedAt)
            return .sought(opened.caseId, number: opened.caseNumber, question)
        case CaseReclassified.type:
            let changed = try Envelope<CaseReclassified>(value: value).data
            return .recategorized(changed.case.caseId, changed.case.category, at: changed.at)
        case ReportJoined.type: return .joined(try Envelope<ReportJoined>(value: value).data.case.caseId)
        case CaseTransferred.type: return .ended(try Envelope<CaseTransferred>(value: value).data.case.caseId)
        default: return try changed(value, CaseChanged.Step(rawValue: type))
        }
    }

    private static func changed(_ value: Data, _ step: CaseChanged.Step?) throws -> RecordedStep? {
        switch step {
        case .closed, .refused, .cancelled, .merged:
            .ended(try Envelope<CaseChanged>(value: value).data.case.caseId)
        case .reopened: .openedAgain(try Envelope<CaseChanged>(value: value).data.case.caseId)
        default: nil
        }
    }
}

extension StoreShelf {
    /// The pack that routing decides by; nil before the first.
    func packInForce() throws -> Pack? {
        for store in routing {
            guard let hash = try store.rows("SELECT hash FROM packInForce").first?["hash"] as String? else { continue }
            let parts = try store.database.read { db in
                try Data.fetchAll(
                    db, sql: "SELECT content FROM packPart WHERE hash = ? ORDER BY part", arguments: [hash])
            }
            return try PackTransport.assemble(parts, hash: hash)
        }
        return nil
    }
}
