import Contracts
import EventProcessing
import Foundation
import Hummingbird
import Logging
import Metrics
import ServiceKit
import ServiceLifecycle
import ServiceProgram

/// Who is told when the read model has taken something in.
struct ReadNews: Sendable {
    let outcomes = OutcomeBoard()
    let bell: FeedBell
    /// Rings when messages have come or were read.
    let inboxBell: FeedBell

    init(metrics: any MetricsFactory) {
        bell = FeedBell(metricsFactory: metrics)
        inboxBell = FeedBell(label: "inbox_subscribers", metricsFactory: metrics)
    }

    /// Takes note of records that are committed to the read model.
    func note(_ records: [IncomingRecord]) {
        outcomes.note(records)
        if records.contains(where: { $0.topic == TopicCatalogue.caseEvents.name }) { bell.ring() }
        if records.contains(where: { $0.topic == TopicCatalogue.inboxes.name }) { inboxBell.ring() }
    }
}

/// Portal as far as it needs no broker: what it has read, who waits, and the doors.
struct PortalCore: Sendable {
    let readModel: ReadModel
    let news: ReadNews
    let board: BoardDesk
    let door: CommandDoor
    let progress: ReadProgress
    let pickUp: PickUpSecret
    let contacts: ContactSeal
    let overview: OverviewDesk
    private let now: @Sendable () -> Timestamp

    /// - Parameter nudge: Says that a command lies in the outbox.
    init(
        readModel: ReadModel, news: ReadNews, replica: String, metrics: any MetricsFactory, progress: ReadProgress,
        pickUp: PickUpSecret, contacts: ContactSeal, overview: OverviewDesk, boardGoodFor: Int64 = 500,
        patience: Duration = .seconds(5),
        now: @escaping @Sendable () -> Timestamp,
        nudge: @escaping @Sendable () -> Void
    ) {
        self.readModel = readModel
        self.progress = progress
        self.news = news
        self.pickUp = pickUp
        self.contacts = contacts
        self.overview = overview
        self.now = now
        board = BoardDesk(goodFor: boardGoodFor, now: now) { try await readModel.boardFigures(at: $0) }
        door = CommandDoor(
            readModel: readModel, outcomes: news.outcomes, source: "/portal/\(replica)",
            metrics: CommandMetrics(factory: metrics), patience: patience, now: now, nudge: nudge)
    }

    private func withManners<Context>(_ group: RouterGroup<Context>) -> RouterGroup<Context> {
        group.add(middleware: ReadPositionMiddleware(progress: progress)).add(middleware: EntityTagMiddleware())
            .add(middleware: PreferMiddleware()).add(middleware: TraceMiddleware())
    }

    /// Adds every address of portal to a router.
    func addRoutes(to router: Router<ServiceRequestContext>) {
        let feed = FeedRoutes(readModel: readModel, bell: news.bell)
        let open = withManners(router.group("v1"))
        PublicRoutes(readModel: readModel, board: board).add(to: open)
        feed.addPublic(to: open)
        PrizeRoutes(readModel: readModel, pickUp: pickUp, now: now).add(to: open)
        OutsideRoutes(readModel: readModel, door: door).add(to: open)
        let statements = StatementRoutes(readModel: readModel, now: now)
        statements.addPublic(to: open)
        UnsubscribeRoutes(door: door, contacts: contacts).add(to: open)
        let settings = SettingsRoutes(readModel: readModel, door: door, contacts: contacts)
        settings.addPublic(to: open)
        // Who asks comes first: what else is wrong is told to those who may ask.
        let signedIn = withManners(router.guarded("v1"))
        CaseRoutes(readModel: readModel).add(to: signedIn)
        PersonRoutes(readModel: readModel, now: now).add(to: signedIn)
        InboxRoutes(readModel: readModel, bell: news.inboxBell, now: now).add(to: signedIn)
        settings.add(to: signedIn)
        ErasureRoutes(readModel: readModel, door: door, contacts: contacts, now: now).add(to: signedIn)
        statements.add(to: signedIn)
        TransferRoutes(readModel: readModel, door: door).add(to: signedIn)
        CommandRoutes(readModel: readModel, door: door).add(to: signedIn)
        CampaignRoutes(readModel: readModel, door: door).add(to: signedIn)
        OrderRoutes(readModel: readModel, door: door, pickUp: pickUp).add(to: signedIn)
        StationRoutes(readModel: readModel, door: door, pickUp: pickUp).add(to: signedIn)
        let desk = FairnessDesk(door: door)
        HoursRoutes(readModel: readModel, desk: desk).add(to: signedIn)
        NoticeRoutes(readModel: readModel, desk: desk).add(to: signedIn)
        SignalRoutes(readModel: readModel, desk: desk).add(to: signedIn)
        feed.add(to: signedIn)
    }
}

/// Wires the whole program and runs it: the outbox's relay and the projection first, the doors last; they stop in
/// reverse.
func buildPortal(_ setup: ProgramSetup, signIn: SignInSettings, pages: PageSettings) async throws {
    let replica = setup.runtime.replica
    let file = setup.runtime.dataFolder.appendingPathComponent("portal/\(replica).sqlite")
    let lock = try LockFile(file.appendingPathExtension("lock"))
    let readModel = try ReadModel.open(file)
    let relay = EdgeRelay(
        outbox: readModel.outbox, store: readModel.database, configuration: setup.runtime,
        source: "portal/\(replica)", signals: setup.signals("relay"), logger: setup.logger)
    let news = ReadNews(metrics: setup.metrics)
    let projection = ProjectionService(
        projection: PortalProjection(outbox: readModel.outbox), store: readModel.database,
        configuration: setup.runtime, signals: setup.signals("projection"), logger: setup.logger,
        onBatch: { news.note($0) })
    let overview = try OverviewStore.open(
        file.deletingLastPathComponent().appendingPathComponent("overview-\(replica).sqlite"))
    let overviewProjection = ProjectionService(
        projection: OverviewProjection(), store: overview.database, configuration: setup.runtime,
        signals: setup.signals("overview"), logger: setup.logger)
    let core = PortalCore(
        readModel: readModel, news: news, replica: replica, metrics: setup.metrics, progress: ReadProgress(projection),
        pickUp: PickUpSecret(try DataFolderKeys(.pickUp, in: setup.configuration.data)),
        contacts: try ContactSeal(
            dataFolder: setup.configuration.data, environment: ProcessInfo.processInfo.environment),
        overview: OverviewDesk(store: overview, now: { .now }, isCaughtUp: { overviewProjection.isCaughtUp() }),
        now: { .now },
        nudge: { relay.nudge() })
    setup.health.check("projection") { projection.isCaughtUp() ? .ok() : .failing("not read to the end yet") }

    let verifier = try setup.configuration.tokenVerifier(
        health: setup.health, logger: setup.logger, now: { Date() })
    let pseudonyms = Pseudonyms(try DataFolderKey.load(.reporters, in: setup.configuration.data))
    let router = HTTPService.router(
        health: setup.health, metrics: setup.metrics, verifier: verifier, pseudonyms: pseudonyms)
    var pages = pages
    pages.topicPrefix = setup.runtime.topicPrefix
    let front = try await PortalFront(
        core, dataFolder: setup.configuration.data, signIn: signIn, pages: pages, pseudonyms: pseudonyms,
        now: { Date() })
    front.addRoutes(to: router)
    core.addRoutes(to: router)
    let application = HTTPService.make(router: router, configuration: setup.configuration, logger: setup.logger)
    let gauges = OutboxGauges(readModel: readModel, metricsFactory: setup.metrics, now: { .now })
    try await setup.run([relay, projection, overviewProjection, gauges, verifier, application])
    withExtendedLifetime(lock) {}
}
