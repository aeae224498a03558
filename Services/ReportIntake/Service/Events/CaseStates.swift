import Contracts
import EventProcessing
import GRDB

/// Keeps every case as it stands, so that reporters and their apps can ask here how far it has come.
///
/// A state replaces what stands here only by a higher version, so records may come more than once and in any order.
struct CaseStates: Projection {
    var name: String { "case-states" }
    var topics: [Topic] { [TopicCatalogue.cases] }

    func apply(_ record: IncomingRecord, in db: Database) throws {
        guard record.attributes.type == CaseState.type else { return }
        try CaseTables.keep(try record.read(CaseState.self), in: db)
    }
}
