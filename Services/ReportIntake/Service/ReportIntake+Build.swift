import Configuration
import Contracts
import EventProcessing
import Foundation
import Hummingbird
import Logging
import Metrics
import ServiceKit
import ServiceLifecycle

/// Intake as far as it needs no broker: the store, the loop that writes it, and the doors.
struct IntakeCore: Sendable {
    let store: IntakeStore
    let groupCommit: GroupCommit
    let backlog: Backlog
    let communities: CommunityFinder
    let desk: ReportDesk

    init(
        store: IntakeStore, settings: IntakeSettings, replica: String, publishing: Publishing,
        health: HealthRegistry, metricsFactory: any MetricsFactory, now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) throws {
        let metrics = IntakeMetrics(factory: metricsFactory)
        self.store = store
        groupCommit = GroupCommit(
            store: store, publishing: publishing, metrics: metrics,
            heartbeat: health.heartbeat("store-writer", within: .seconds(20)), now: now, logger: logger)
        backlog = try Backlog(store: store, limit: settings.backlogLimit, metrics: metrics, now: now, logger: logger)
        communities = try CommunityFinder(store: store, logger: logger)
        desk = ReportDesk(
            store: store, groupCommit: groupCommit, backlog: backlog, communities: communities,
            publishing: publishing, metrics: metrics, acceptAfter: settings.acceptAfter,
            source: "/report-intake/\(replica)", now: now)
        addChecks(to: health)
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
func buildIntake(
    configuration: ServiceConfiguration, config: ConfigReader, environment: [String: String], logger: Logger
) throws -> [any Service] {
    let registry = PrometheusRegistry.bootstrap()
    let health = HealthRegistry()
    let now: @Sendable () -> Timestamp = { .now }
    let runtime = try IntakeSettings.runtime(
        data: configuration.data, replica: configuration.replica, config: config, environment: environment)
    let settings = try IntakeSettings(config: config, brokerIsEmbedded: runtime.brokerIsEmbedded)
    let verifier = try configuration.tokenVerifier(now: { Date() })
    let store = try IntakeStore(dataFolder: configuration.data, replica: configuration.replica)

    let relay = EdgeRelay(
        outbox: store.outbox, store: store.pool, configuration: runtime,
        source: "report-intake/\(configuration.replica)", signals: signals("relay", health), logger: logger)
    let core = try IntakeCore(
        store: store, settings: settings, replica: configuration.replica, publishing: Publishing(relay),
        health: health, metricsFactory: registry, now: now, logger: logger)
    let answers = ProjectionService(
        projection: CaseAnswers(outbox: store.outbox), store: store.pool, configuration: runtime,
        signals: signals("case-answers", health), logger: logger, onBatch: { _ in relay.nudge() })
    let packs = ProjectionService(
        projection: ReferencePacks(), store: store.pool, configuration: runtime,
        signals: signals("reference-packs", health), logger: logger,
        onBatch: { [communities = core.communities] in communities.take($0) })
    health.check("case-answers") { answers.isCaughtUp() ? .ok() : .failing("not read to the end yet") }
    health.check("reference-packs") { packs.isCaughtUp() ? .ok() : .failing("not read to the end yet") }

    let router = HTTPService.router(health: health, metrics: registry, verifier: verifier)
    ReportRoutes(desk: core.desk).add(to: router)
    let app = HTTPService.make(router: router, configuration: configuration, logger: logger)
    return [relay, answers, packs, core.backlog, core.groupCommit, app]
}

/// A sign of life, and the conditions that a loop of the runtime tells of.
private func signals(_ name: String, _ health: HealthRegistry) -> RuntimeSignals {
    let heartbeat = health.heartbeat(name, within: .seconds(30))
    return RuntimeSignals(beat: { heartbeat.beat() })
}
