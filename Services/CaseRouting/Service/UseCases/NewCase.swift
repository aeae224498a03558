import CaseRoutingDomain
import Contracts
import EventProcessing

/// The id and the number of a case that is about to be opened.
struct NewCase {
    let transaction: Transaction
    let table: RoutingTable?
    let store: CaseStore

    init(_ transaction: Transaction, _ table: RoutingTable?, _ store: CaseStore) {
        self.transaction = transaction
        self.table = table
        self.store = store
    }

    /// - Parameter entity: what the case is opened for: with the command it makes the id.
    func make(in communityId: CommunityID, of entity: String) throws -> (id: CaseID, number: String) {
        let day = CaseNumber.day(at: transaction.clock, by: table)
        let ordinal = try store.nextOrdinal(in: communityId, day: day)
        let number = CaseNumber.text(communityId: communityId, day: day, ordinal: ordinal, by: table)
        return (CaseID(transaction.newID("case", of: entity).description), number)
    }
}
