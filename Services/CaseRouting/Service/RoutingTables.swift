import CaseRoutingDomain
import Contracts
import EventProcessing
import Synchronization

/// The pack in force, laid out for routing, once per partition and pack.
///
/// Follows from the pack alone, so no decision depends on what is kept here.
final class RoutingTables: Sendable {
    private struct Kept {
        let pack: Pack
        let table: RoutingTable
    }

    private let kept: Mutex<[Int32: Kept]> = Mutex([:])

    /// The table of the pack in force; nil before the first.
    func table(for transaction: Transaction) throws -> RoutingTable? {
        guard let pack = try transaction.pack() else { return nil }
        // Quick while the runtime hands out the same pack: arrays that share their storage are equal at once.
        if let known = kept.withLock({ $0[transaction.partition] }), known.pack == pack { return known.table }
        let table = RoutingTable(pack)
        kept.withLock { $0[transaction.partition] = Kept(pack: pack, table: table) }
        return table
    }
}
