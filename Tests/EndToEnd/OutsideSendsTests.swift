import Contracts
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import TestSupport
import Testing

/// Owners of notifications are killed while they call the programs of units: before the answer, in the middle of it, and
/// behind it, when the end of the call is not written down yet.
@Suite(.serialized, .timeLimit(.minutes(8))) struct OutsideSendsTests {
    @Test func `a unit's program that knows calls by their id hears of each event once, whoever is killed`()
        async throws
    {
        let home = try TemporaryFolder()
        let unit = UnitProgram(mostKills: 12)
        try await unit.listening { port in
            let deployment = try Deployment(pack: try Self.pack(in: home.url, calling: port))
            try await deployment.running(["--replicas", "notifications=2"]) { deployment in
                unit.onKill {
                    // Both replicas: whichever of them owns the partition that is calling.
                    for name in ["notifications", "notifications-2"] {
                        guard let pid = try deployment.readReplicas()[name]?.pid else { continue }
                        kill(pid, SIGKILL)
                    }
                }
                let load = try await deployment.suishoupai(
                    "simulate", "--data", deployment.data, "--reports", "30", "--rate", "3", "--staff", "--seed", "9")
                #expect(load.status == 0, "\(load.output)")
                try await eventually("every call has come to its end", within: .seconds(240)) {
                    let deliveries = try Self.deliveries(deployment)
                    // Each case's end at least is told to its unit: before that the calls have only begun.
                    let ended = try deployment.steps().count { $0 == "case.closed" }
                    return deliveries.count > ended && deliveries.values.allSatisfy { $0 == "delivered" }
                }
                let audit = try await deployment.suishoupai(
                    "audit", "--data", deployment.data, "--wait", "120", "--replay")
                #expect(audit.status == 0, "\(audit.output)")
                try Self.check(unit, against: Self.deliveries(deployment))
            }
        }
    }

    private static func check(_ unit: UnitProgram, against deliveries: [String: String]) throws {
        let heard = unit.heard
        print("outside sends: \(heard.kills) kills, \(heard.bodies.count) calls, \(heard.repeats) of them again")
        #expect(heard.kills >= 6)
        #expect(Set(heard.bodies.keys) == Set(deliveries.keys), "each delivery was heard, and nothing else")
        #expect(heard.contradictions.isEmpty, "a repetition has the bytes of the first call: \(heard.contradictions)")
        #expect(Set(heard.bodies.values).count == heard.bodies.count, "no two deliveries tell the same")
    }

    /// How each delivery stands, by its id.
    private static func deliveries(_ deployment: Deployment) throws -> [String: String] {
        let rows = try BestStores(deployment).rows("SELECT id, state FROM delivery", having: "delivery")
        return Dictionary(rows.map { ($0["id"] as String, $0["state"] as String) }) { first, _ in first }
    }

    /// The town's pack, with a webhook for each of its units.
    private static func pack(in folder: URL, calling port: Int) throws -> URL {
        let pack = folder.appending(path: "town")
        try FileManager.default.copyItem(at: Deployment.root.appending(path: "deploy/packs/nanchang"), to: pack)
        let units = try String(contentsOf: pack.appending(path: "units.csv"), encoding: .utf8)
            .split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first }
        let webhooks = units.map { "- unit: \($0)\n  url: http://127.0.0.1:\(port)/hook\n" }.joined()
        try webhooks.write(to: pack.appending(path: "webhooks.yaml"), atomically: true, encoding: .utf8)
        return pack
    }
}

/// The program of a unit: notes each call by its id, and has its caller killed now and then.
private final class UnitProgram: Sendable {
    /// When the caller is killed.
    enum Moment: Int, Sendable {
        case beforeTheAnswer
        case duringTheAnswer
        case behindTheAnswer
    }

    struct Heard: Sendable {
        var bodies: [String: [UInt8]] = [:]
        var repeats = 0
        var kills = 0
        var contradictions: [String] = []
    }

    private struct State {
        var heard = Heard()
        var calls = 0
        var kill: (@Sendable () throws -> Void)?
    }

    private let state = Mutex(State())
    private let mostKills: Int

    init(mostKills: Int) {
        self.mostKills = mostKills
    }

    var heard: Heard { state.withLock { $0.heard } }

    func onKill(_ kill: @escaping @Sendable () throws -> Void) { state.withLock { $0.kill = kill } }

    /// Lends its port while the body runs.
    func listening(_ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        let router = Router()
        router.post("hook") { [self] request, _ in
            let id = HTTPField.Name("webhook-id").flatMap { request.headers[$0] } ?? ""
            let bytes = try await request.body.collect(upTo: 100_000)
            try take(id, Array(bytes.readableBytesView))
            return HTTPResponse.Status.noContent
        }
        try await Application(router: router).test(.live) { client in try await body(client.port ?? 0) }
    }

    private func take(_ id: String, _ body: [UInt8]) throws {
        let (moment, kill) = state.withLock { state in
            state.calls += 1
            if let known = state.heard.bodies[id] {
                state.heard.repeats += 1
                if known != body { state.heard.contradictions.append(id) }
            }
            state.heard.bodies[id] = state.heard.bodies[id] ?? body
            guard state.calls % 4 == 0, state.heard.kills < mostKills else { return (Moment?.none, state.kill) }
            state.heard.kills += 1
            return (Moment(rawValue: state.heard.kills % 3), state.kill)
        }
        guard let moment, let kill else { return }
        switch moment {
        case .beforeTheAnswer: try kill()
        case .duringTheAnswer: Thread.detachNewThread { Self.killing(kill, after: 0) }
        case .behindTheAnswer: Thread.detachNewThread { Self.killing(kill, after: 0.02) }
        }
    }

    private static func killing(_ kill: @Sendable () throws -> Void, after seconds: Double) {
        Thread.sleep(forTimeInterval: seconds)
        do { try kill() } catch { Issue.record("nobody could be killed: \(error)") }
    }
}
