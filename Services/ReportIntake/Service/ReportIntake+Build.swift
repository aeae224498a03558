import Contracts
import EventProcessing
import Foundation
import Hummingbird
import Logging
import Metrics
import ObjectStore
import ReportIntakeDomain
import ServiceKit
import ServiceLifecycle
import ServiceProgram

/// Intake as far as it needs no broker: the store, the loop that writes it, and the doors.
struct IntakeCore: Sendable {
    let store: IntakeStore
    let groupCommit: GroupCommit
    let backlog: Backlog
    let communities: CommunityFinder
    let keys: PlatformKeyRing
    let desk: ReportDesk
    private let discovery: Discovery
    private let description: OpenAPIDocument

    /// Where the description of the doors lies.
    static var descriptionFile: URL {
        (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appending(path: "openapi.json")
    }

    init(
        store: IntakeStore, settings: IntakeSettings, replica: String, publishing: Publishing, shelves: Shelves,
        secrets: IntakeSecrets, health: HealthRegistry, metricsFactory: any MetricsFactory,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger, isReady: @escaping @Sendable (CommunityFinder) -> Bool = { _ in true }
    ) throws {
        let keys = try PlatformKeyRing(store: store, now: now, logger: logger)
        self.keys = keys
        let metrics = IntakeMetrics(factory: metricsFactory, isPlatform: { keys.knows($0) })
        self.store = store
        discovery = settings.discovery
        description = try OpenAPIDocument(Self.descriptionFile)
        groupCommit = GroupCommit(
            store: store, publishing: publishing, metrics: metrics,
            heartbeat: health.heartbeat("store-writer", within: .seconds(20)), now: now, logger: logger)
        backlog = try Backlog(store: store, limit: settings.backlogLimit, metrics: metrics, now: now, logger: logger)
        let communities = try CommunityFinder(store: store, logger: logger)
        self.communities = communities
        desk = ReportDesk(
            store: store, groupCommit: groupCommit, backlog: backlog, communities: communities,
            publishing: publishing, metrics: metrics,
            quotas: Quotas(perMinute: { [personLimit = settings.personLimit] payer in
                guard case .platform(let platform) = payer else { return personLimit }
                return keys.perMinute(of: platform)
            }), shelves: shelves,
            captures: secrets.captures, opening: Opening { isReady(communities) },
            people: ReporterNames(secrets.pseudonyms), links: FollowLinks(pseudonyms: secrets.pseudonyms),
            media: MediaLinks(pseudonyms: secrets.pseudonyms), acceptAfter: settings.acceptAfter,
            source: "/report-intake/\(replica)", now: now)
        addChecks(to: health)
    }

    /// Opens every door, each for its kind of sender.
    func addDoors(to router: Router<ServiceRequestContext>, verifier: TokenVerifier) {
        ReportRoutes(desk: desk).add(to: router)
        AmendmentRoutes(desk: desk).add(to: router)
        NearbyRoutes(desk: desk).add(to: router)
        PhotoRoutes(shelf: desk.shelves.photos, quotas: desk.quotas, now: desk.now).add(to: router)
        MediaRoutes(shelf: desk.shelves.photos, links: desk.media).add(to: router)
        VoiceNoteRoutes(shelf: desk.shelves.voiceNotes, quotas: desk.quotas, now: desk.now).add(to: router)
        CaptureRoutes(nonces: desk.captures, quotas: desk.quotas, now: desk.now).add(to: router)
        CategoryRoutes(communities: communities).add(to: router)
        LandmarkRoutes(communities: communities).add(to: router)
        let keys = APIKeys(platforms: self.keys, verifier: verifier)
        Open311Routes(desk: desk, keys: keys, discovery: discovery).add(to: router)
        description.add(to: router)
    }

    /// The door for platforms that write to Kafka themselves.
    ///
    /// - Parameter knowsKeys: whether all keys are known that were given so far.
    func platformDoor(knowsKeys: @escaping @Sendable () -> Bool) -> PlatformDoor {
        PlatformDoor(desk: desk, keys: keys, knowsKeys: knowsKeys)
    }

    private func addChecks(to health: HealthRegistry) {
        health.check("store") { [groupCommit] in
            groupCommit.isWritable ? .ok() : .failing("the last write failed")
        }
        health.check("boundaries") { [communities] in communities.health }
        health.check("backlog") { [backlog] in
            backlog.isBearable ? .ok() : .failing("too many reports wait for their answer")
        }
    }
}

/// Wires the whole program, in the order in which its parts start; they stop in reverse.
///
/// - Throws: `StoreError` where the replica's store cannot be opened, `ConfigurationError` for keys of tokens.
func buildIntake(_ setup: ProgramSetup, settings: IntakeSettings) throws -> [any Service] {
    let replica = setup.configuration.replica
    let health = setup.health
    let verifier = try setup.configuration.tokenVerifier(health: health, logger: setup.logger, now: { Date() })
    let store = try IntakeStore(dataFolder: setup.configuration.data, replica: replica)

    let relay = EdgeRelay(
        outbox: store.outbox, store: store.pool, configuration: setup.runtime, source: "report-intake/\(replica)",
        signals: setup.signals("relay"), logger: setup.logger)
    let shelves = try Shelves(
        in: try settings.photoPlace(in: setup.configuration.data).open(), dataFolder: setup.configuration.data,
        logger: setup.logger)
    let answers = ProjectionService(
        projection: CaseAnswers(outbox: store.outbox), store: store.pool, configuration: setup.runtime,
        signals: setup.signals("case-answers"), logger: setup.logger, onBatch: { _ in relay.nudge() })
    // A store that has a pack has worked before; a new one must first hear what was answered to reports that come again.
    let isNew = try !store.hasPack()
    let core = try IntakeCore(
        store: store, settings: settings, replica: replica, publishing: Publishing(relay), shelves: shelves,
        secrets: try IntakeSecrets(in: setup.configuration.data), health: health,
        metricsFactory: setup.metrics, now: { .now }, logger: setup.logger,
        isReady: { communities in communities.hasPack && (!isNew || answers.isCaughtUp()) })
    let packs = ProjectionService(
        projection: ReferencePacks(), store: store.pool, configuration: setup.runtime,
        signals: setup.signals("reference-packs"), logger: setup.logger,
        onBatch: { [communities = core.communities] in communities.take($0) })
    let keys = ProjectionService(
        projection: PlatformKeys(), store: store.pool, configuration: setup.runtime,
        signals: setup.signals("platform-keys"), logger: setup.logger,
        onBatch: { [keys = core.keys] in keys.take($0) })
    let cases = ProjectionService(
        projection: CaseStates(), store: store.pool, configuration: setup.runtime,
        signals: setup.signals("case-states"), logger: setup.logger)
    let projections = [
        ("case-answers", answers), ("reference-packs", packs), ("platform-keys", keys), ("case-states", cases),
    ]
    for (name, projection) in projections {
        health.check("\(name)-read") { projection.isCaughtUp() ? .ok() : .failing("not read to the end yet") }
    }

    let platforms = AnsweringService(
        core.platformDoor(knowsKeys: { keys.isCaughtUp() }).answering, configuration: setup.runtime,
        signals: setup.signals("platform-reports"), logger: setup.logger)

    let router = HTTPService.router(
        health: health, metrics: setup.metrics, verifier: verifier, keys: core.keys,
        forwarded: ForwardedIdentity(
            try DataFolderKeys(.forwarding, in: setup.configuration.data), now: { Date() }))
    core.addDoors(to: router, verifier: verifier)
    let app = HTTPService.make(router: router, configuration: setup.configuration, logger: setup.logger)
    return [relay, answers, packs, keys, cases, core.backlog, core.groupCommit, platforms, verifier, app]
}
