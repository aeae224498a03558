import Contracts
import EventProcessing
import Foundation
import GRDB
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceKit
import ServiceLifecycle
import Synchronization
import TestSupport

@testable import Portal

/// Portal on a store of its own, without a broker: records come as a test says, commands lie in the outbox.
struct PortalUnderTest: Sendable {
    /// Monday, 23 November 2026, noon in Nanchang.
    static let noon = CitySample.moment("2026-11-23T12:00:00.000+08:00")

    let folder: TemporaryFolder
    let readModel: ReadModel
    let overview: OverviewStore
    let core: PortalCore
    let metrics = PrometheusRegistry()
    let progress = ProgressStandIn()
    let nudges = Counted()
    /// The names of those who report confidentially.
    let pseudonyms: Pseudonyms
    let front: PortalFront
    private let services: [any Service]
    private let issuer: TokenIssuer
    private let verifier: TokenVerifier

    /// Keeps metadata, since Hummingbird reads a request's id from its logger.
    private static let quiet = Logger(label: "test") { label in
        LogSetup.handler(label: label, service: "test", format: .json, level: .critical, output: KeptLogOutput())
    }

    /// - Parameter runtime: Where a relay and a projection find the broker; nil stands in for both.
    private init(
        folder: TemporaryFolder, patience: Duration, boardGoodFor: Int64, runtime: RuntimeConfiguration? = nil,
        signIn: SignInSettings = .none, pages: PageSettings = PageSettings(),
        clock: @escaping @Sendable () -> Date = { Self.today }
    ) async throws {
        self.folder = folder
        let keys = try DataFolderKeys(.jwt, in: folder.url, now: clock)
        issuer = await TokenIssuer(key: keys.signing, now: { Self.today })
        verifier = TokenVerifier(.dataFolder(keys), issuer: TokenVerifier.ownIssuer, now: { Self.today })
        pseudonyms = Pseudonyms(try DataFolderKey.load(.reporters, in: folder.url))
        let readModel = try ReadModel.open(folder.url.appendingPathComponent("portal/1.sqlite"))
        let news = ReadNews(metrics: metrics)
        let projection = runtime.map { runtime in
            ProjectionService(
                projection: PortalProjection(outbox: readModel.outbox), store: readModel.database,
                configuration: runtime, logger: Self.quiet, onBatch: { news.note($0) })
        }
        let overview = try OverviewStore.open(folder.url.appendingPathComponent("portal/overview-1.sqlite"))
        let overviewProjection = runtime.map { runtime in
            ProjectionService(
                projection: OverviewProjection(), store: overview.database, configuration: runtime,
                logger: Self.quiet)
        }
        let relay = runtime.map { runtime in
            EdgeRelay(
                outbox: readModel.outbox, store: readModel.database, configuration: runtime, source: "portal/1",
                logger: Self.quiet)
        }
        self.readModel = readModel
        self.overview = overview
        let loops: [(any Service)?] = [relay, projection, overviewProjection]
        services = loops.compactMap(\.self)
        core = PortalCore(
            readModel: readModel, news: news, replica: "1", metrics: metrics,
            progress: projection.map(ReadProgress.init) ?? progress.progress,
            pickUp: PickUpSecret(try DataFolderKeys(.pickUp, in: folder.url, now: clock)),
            contacts: try ContactSeal(dataFolder: folder.url, environment: [:]),
            overview: OverviewDesk(
                store: overview, goodFor: 0, now: { Self.noon },
                isCaughtUp: { overviewProjection?.isCaughtUp() ?? true }),
            boardGoodFor: boardGoodFor, patience: patience, now: { Self.noon },
            nudge: { [nudges] in
                nudges.count()
                relay?.nudge()
            })
        front = try await PortalFront(
            core, dataFolder: folder.url, signIn: signIn, pages: pages, pseudonyms: pseudonyms, now: clock)
    }

    static var today: Date { Date(timeIntervalSince1970: Double(noon.milliseconds) / 1_000) }

    /// Runs portal until `body` ends.
    ///
    /// - Parameters:
    ///   - setup: Whether requests go to the router, or over a socket.
    ///   - patience: How long a caller waits for the outcome of a command.
    ///   - clock: What sessions and sign-in take for now.
    static func run(
        _ setup: TestingSetup = .router, in folder: TemporaryFolder? = nil, patience: Duration = .seconds(20),
        boardGoodFor: Int64 = 0, signIn: SignInSettings = .none, pages: PageSettings = PageSettings(),
        clock: @escaping @Sendable () -> Date = { PortalUnderTest.today },
        _ body: @Sendable (PortalUnderTest, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await PortalUnderTest(
            folder: try folder ?? TemporaryFolder(), patience: patience, boardGoodFor: boardGoodFor, signIn: signIn,
            pages: pages, clock: clock
        ).run(setup, body)
    }

    /// Runs portal with its relay and its projection until `body` ends.
    static func run(
        on broker: BrokerUnderTest, _ body: @Sendable (PortalUnderTest, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await PortalUnderTest(
            folder: broker.folder, patience: .seconds(20), boardGoodFor: 0, runtime: broker.configuration("portal")
        ).run(.router, body)
    }

    private func run(
        _ setup: TestingSetup, _ body: @Sendable (PortalUnderTest, any TestClientProtocol) async throws -> Void
    ) async throws {
        var app = HTTPService.make(router: router(), host: "127.0.0.1", port: 0, logger: Self.quiet)
        for service in services { app.addServices(service) }
        try await app.test(setup) { client in try await body(self, client) }
        try readModel.database.close()
        try overview.database.close()
    }

    /// Every door, as portal adds them.
    func router() -> Router<ServiceRequestContext> {
        let router = HTTPService.router(
            health: HealthRegistry(), metrics: metrics, verifier: verifier, pseudonyms: pseudonyms)
        front.addRoutes(to: router)
        core.addRoutes(to: router)
        return router
    }

    func token(_ subject: String, _ roles: Role..., lifetime: Duration = .seconds(600)) async throws -> String {
        try await token(subject, Set(roles), lifetime: lifetime)
    }

    func token(_ subject: String, _ roles: Set<Role>, lifetime: Duration = .seconds(600)) async throws -> String {
        try await issuer.issue(subject: subject, roles: roles, lifetime: lifetime)
    }

    /// Takes in messages as if they had come from their topics, in one commit, and tells who waits for them.
    func hear(_ payloads: any Payload..., cause: MessageID? = nil, at moment: Timestamp = noon) async throws {
        try await hear(payloads.map { try IncomingRecord.of($0, cause: cause, at: moment) })
    }

    func hear(_ records: [IncomingRecord]) async throws {
        let projection = PortalProjection(outbox: readModel.outbox)
        let forEverybody = Set(OverviewProjection().topics.map(\.name))
        let (open, others) = (
            records.filter { forEverybody.contains($0.topic) }, records.filter { !forEverybody.contains($0.topic) }
        )
        try await readModel.write { db in for record in others { try projection.apply(record, in: db) } }
        try await overview.database.write { db in for record in open { try OverviewProjection().apply(record, in: db) }
        }
        core.news.note(records)
    }

    func putInForce(_ pack: Pack) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        try await hear(parts.map { try .of($0) } + [.of(activation)])
    }

    func count(_ table: String) async throws -> Int {
        try await readModel.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0 }
    }

    func unanswered() async throws -> Int {
        try await readModel.read { [readModel] db in try readModel.outbox.unansweredCount(in: db) }
    }
}

/// How far portal says that it has read, and what it was asked to wait for.
final class ProgressStandIn: Sendable {
    private let state = Mutex((position: ReadPosition(log: "log", offsets: [:]), asked: [ReadPosition]()))

    var asked: [ReadPosition] { state.withLock { $0.asked } }

    func read(to offset: Int64) {
        state.withLock { $0.position.offsets["cases.v1/0"] = offset }
    }

    /// Does not wait: whether it was reached by now is the answer.
    var progress: ReadProgress {
        ReadProgress(
            position: { self.state.withLock { $0.position } },
            wait: { wanted, _ in
                self.state.withLock { state in
                    state.asked.append(wanted)
                    return state.position.reaches(wanted)
                }
            })
    }
}

/// How often something happened.
final class Counted: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    @discardableResult func count() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }
}
