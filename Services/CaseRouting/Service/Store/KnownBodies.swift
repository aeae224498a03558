import CaseRoutingDomain
import Contracts
import Foundation
import Synchronization

/// The cases that were written lately, each with the bytes that it was written as: what is read again at once, as
/// whenever commands lie in wait or a log is replayed, need not be decoded.
///
/// Only the bytes in the store say what a case is: whoever finds others there than the ones kept here decodes them.
final class KnownBodies: Sendable {
    private struct Known {
        let body: Data
        let `case`: Case
    }

    private let known: Mutex<[CaseID: Known]> = Mutex([:])

    /// A case has a few thousand bytes; all of these together have a few million.
    private static let most = 512

    /// The case that a body says.
    func read(_ body: Data, of id: CaseID) throws -> Case {
        if let known = known.withLock({ $0[id] }), known.body == body { return known.case }
        return try ContractCoding.decode(Case.self, from: body)
    }

    /// The body of a case.
    func write(_ written: Case) throws -> Data {
        let body = try ContractCoding.encode(written)
        known.withLock { known in
            if known.count >= Self.most, known[written.id] == nil { known.removeAll(keepingCapacity: true) }
            known[written.id] = Known(body: body, case: written)
        }
        return body
    }
}
