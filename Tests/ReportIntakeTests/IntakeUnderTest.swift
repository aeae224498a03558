import Contracts
import CoreMetrics
import EventProcessing
import Foundation
import GRDB
import Hummingbird
import HummingbirdTesting
import Logging
import ObjectStore
import ServiceKit
import Synchronization

@testable import ReportIntake

/// Intake on a store of its own, without a broker.
struct IntakeUnderTest: Sendable {
    let folder: URL
    let core: IntakeCore
    let health: HealthRegistry
    let metrics: PrometheusRegistry
    let broker: BrokerStandIn
    private let issuer: TokenIssuer
    private let verifier: TokenVerifier

    /// Keeps metadata, since Hummingbird reads a request's id from its logger.
    private static let quiet = Logger(label: "test") { label in
        LogSetup.handler(label: label, service: "test", format: .json, level: .critical, output: KeptLogOutput())
    }

    static let noon = Timestamp(milliseconds: 1_790_000_000_000)

    private init(
        folder: URL, settings: IntakeSettings, pack: Pack?, photoStore: (any ObjectStore)?,
        isReady: @escaping @Sendable (CommunityFinder) -> Bool
    ) async throws {
        self.folder = folder
        health = HealthRegistry()
        metrics = PrometheusRegistry()
        let broker = BrokerStandIn()
        self.broker = broker
        let keys = try DataFolderKeys(.jwt, in: folder)
        issuer = await TokenIssuer(key: keys.signing, now: { Date() })
        verifier = TokenVerifier(.dataFolder(keys), issuer: TokenVerifier.ownIssuer, now: { Date() })
        let shelves = try Shelves(in: photoStore ?? FolderStore(folder), dataFolder: folder, logger: Self.quiet)
        core = try IntakeCore(
            store: try IntakeStore(dataFolder: folder, replica: "1"), settings: settings, replica: "1",
            publishing: broker.publishing, shelves: shelves, secrets: try IntakeSecrets(in: folder), health: health,
            metricsFactory: metrics, now: { Self.noon }, logger: Self.quiet, isReady: isReady)
        if let pack { try await apply(pack) }
    }

    /// Runs intake on a folder that is gone afterwards.
    ///
    /// - Parameter setup: with `.live` it listens on a port, for clients that are not ours.
    static func run(
        settings: IntakeSettings = IntakeSettings(acceptAfter: .store), pack: Pack? = nil,
        photoStore: (any ObjectStore)? = nil, setup: TestingSetup = .router,
        patience: Duration = ServiceConfiguration.usualPatience,
        isReady: @escaping @Sendable (CommunityFinder) -> Bool = { _ in true },
        _ body: @Sendable (IntakeUnderTest, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await inFolder { folder in
            try await run(
                in: folder, settings: settings, pack: pack, photoStore: photoStore, setup: setup, patience: patience,
                isReady: isReady, body)
        }
    }

    /// Runs intake on a folder until `body` ends.
    static func run(
        in folder: URL, settings: IntakeSettings = IntakeSettings(acceptAfter: .store), pack: Pack? = nil,
        photoStore: (any ObjectStore)? = nil, setup: TestingSetup = .router,
        patience: Duration = ServiceConfiguration.usualPatience,
        isReady: @escaping @Sendable (CommunityFinder) -> Bool = { _ in true },
        _ body: @Sendable (IntakeUnderTest, any TestClientProtocol) async throws -> Void
    ) async throws {
        let intake = try await IntakeUnderTest(
            folder: folder, settings: settings, pack: pack, photoStore: photoStore, isReady: isReady)
        let router = intake.router()
        var app = HTTPService.make(
            router: router, host: "127.0.0.1", port: 0, patience: patience,
            logger: Self.quiet)
        app.addServices(intake.core.groupCommit)
        try await app.test(setup) { client in try await body(intake, client) }
        try intake.core.store.close()
    }

    /// With every door.
    func router() -> Router<ServiceRequestContext> {
        let router = HTTPService.router(health: health, metrics: metrics, verifier: verifier, keys: core.keys)
        core.addDoors(to: router, verifier: verifier)
        return router
    }

    static func inFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "intake-\(UUID().uuidString)")
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { print("left behind: \(folder.path)") }
        }
        try await body(folder)
    }

    func token(_ subject: String, _ roles: Role...) async throws -> String {
        try await issuer.issue(subject: subject, roles: Set(roles), lifetime: .seconds(600))
    }

    /// Lets a projection read messages as if they had come from its topic.
    func read(_ messages: [any Payload], into projection: some Projection, at moment: Timestamp = noon) async throws {
        let records = try messages.map { try Self.record($0, at: moment) }
        try await core.store.pool.write { db in
            for record in records { try projection.apply(record, in: db) }
        }
        core.communities.take(records)
        core.keys.take(records)
    }

    static func record(
        _ message: some Payload, at moment: Timestamp, correlation: MessageID? = nil
    ) throws -> IncomingRecord {
        var envelope = Envelope(message, id: .random(), source: "/test", time: moment)
        if let correlation {
            var attributes = envelope.attributes
            attributes.correlationID = correlation
            envelope = Envelope(attributes: attributes, data: envelope.data)
        }
        return IncomingRecord(
            topic: "test", partition: 0, offset: 0, attributes: envelope.attributes, value: try envelope.value(),
            key: "", stamp: moment)
    }

    func apply(_ pack: Pack, at moment: Timestamp = noon) async throws {
        let (parts, activation) = try PackTransport.messages(for: pack)
        try await read(parts + [activation], into: ReferencePacks(), at: moment)
    }

    func count(_ table: String) throws -> Int {
        try core.store.pool.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0 }
    }

    /// The reports that wait for the broker, in order.
    func outbox() throws -> [Envelope<ReportSubmitted>] {
        try core.store.pool.read { db in
            try Data.fetchAll(db, sql: "SELECT value FROM edgeOutbox ORDER BY number")
        }
        .filter { try MessageAttributes(value: $0).type == ReportSubmitted.type }
        .map { try Envelope<ReportSubmitted>(value: $0) }
    }
}

/// Stands where the relay would: says of the reports that it was told to whether they are published.
final class BrokerStandIn: Sendable {
    private let state = Mutex((isUp: false, nudges: 0))

    var nudges: Int { state.withLock { $0.nudges } }

    func begin() { state.withLock { $0.isUp = true } }

    var publishing: Publishing {
        Publishing(
            nudge: { self.state.withLock { $0.nudges += 1 } },
            wait: { _, _ in self.state.withLock { $0.isUp } })
    }
}

extension Pack {
    /// Two communities side by side.
    static let town = Pack(
        name: "town", title: "Town", version: 1,
        calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
        communities: [
            PackCommunity(
                id: "mingdu", name: "名都", ledgerId: "town", caseNumberPrefix: "MD",
                outline: [[[286_800_000, 1_158_500_000, 100_000, 0, 0, 100_000, -100_000, 0]]]),
            PackCommunity(
                id: "longjiang", name: "龙江", ledgerId: "town", caseNumberPrefix: "LJ",
                outline: [[[286_800_000, 1_158_600_000, 100_000, 0, 0, 100_000, -100_000, 0]]]),
        ],
        units: [], people: [], categories: [], routingRules: [], pointRules: [], templates: [],
        webhooks: [], mergeDistance: 3_000)
}
