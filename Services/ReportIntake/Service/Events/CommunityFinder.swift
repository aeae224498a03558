import Contracts
import EventProcessing
import GRDB
import Logging
import ReportIntakeDomain
import ServiceKit
import Synchronization

/// Says which community a place lies in, what may be reported, and what a reporter should be told, by the pack that is in
/// force now.
final class CommunityFinder: Sendable {
    private struct State {
        var hash: String?
        var guidance = Guidance.none
        var catalogue = ServiceCatalogue.none
        var problem: String?
    }

    private let store: IntakeStore
    private let logger: Logger
    private let state = Mutex(State())

    /// Begins with the pack that the store knows.
    init(store: IntakeStore, logger: Logger) throws {
        self.store = store
        self.logger = logger
        try reload()
    }

    /// Whether a pack is in force.
    var hasPack: Bool { state.withLock { $0.hash != nil } }

    func community(at location: Location) -> CommunityID { communities.community(at: location) }

    /// The boundaries in force; those of one moment, so that lines of one batch agree.
    var communities: Communities { guidance.communities }

    /// What the pack in force says, boundaries and words.
    var guidance: Guidance { state.withLock { $0.guidance } }

    /// What may be reported.
    var catalogue: ServiceCatalogue { state.withLock { $0.catalogue } }

    /// Whether boundaries are in force, and which pack's.
    var health: HealthStatus {
        state.withLock { state in
            if let problem = state.problem { return .failing(problem) }
            return .ok(state.hash.map { "pack \($0.prefix(12))" } ?? "no pack yet: no report is taken in")
        }
    }

    /// Looks at what a projection took in, and reads the pack anew where it may have changed.
    func take(_ records: [IncomingRecord]) {
        let types = [PackPart.type, PackActivated.type]
        guard records.contains(where: { types.contains($0.attributes.type) }) else { return }
        do {
            try reload()
        } catch {
            logger.error("The pack in force could not be read", metadata: ["error": "\(error)"])
            state.withLock { $0.problem = "the pack in force could not be read" }
        }
    }

    /// Reads the pack in force if it is another than before.
    ///
    /// A pack that cannot be used leaves the boundaries as they are: reports go on being accepted.
    private func reload() throws {
        let known = state.withLock { $0.hash }
        do {
            let found = try store.pool.read { db -> (hash: String, pack: Pack)? in
                guard let hash = try ReferencePacks.hashInForce(in: db), hash != known else { return nil }
                return (hash, try ReferencePacks.pack(hash, in: db))
            }
            guard let found else { return }
            let guidance = try Guidance(of: found.pack, hash: found.hash)
            let catalogue = ServiceCatalogue(of: found.pack)
            state.withLock {
                $0 = State(hash: found.hash, guidance: guidance, catalogue: catalogue, problem: nil)
            }
            logger.notice("A pack is in force", metadata: ["pack.hash": "\(found.hash)"])
        } catch let error as ContractError {
            logger.error("The pack in force cannot be used", metadata: ["error": "\(error)"])
            state.withLock { $0.problem = error.description }
        } catch let error as DecodingError {
            logger.error("The pack in force cannot be used", metadata: ["error": "\(error.sentence)"])
            state.withLock { $0.problem = error.sentence }
        }
    }
}
