import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Synchronization
import TestSupport

@testable import Suishoupai

/// Stands where intake and portal would: opens a case for each place, and takes every action.
final class CityStandIn: Sendable {
    /// What it does instead of what was asked.
    enum Trouble: Sendable {
        case away
        case failing
        case refusing(String)
        case tooLate
        /// The outcome comes when it is asked for a second time.
        case late
    }

    struct Act: Sendable, Equatable {
        let caseId: String
        let action: String
        let body: String
        let person: String
        let key: String
    }

    private struct State {
        var troubles: [Trouble] = []
        var cases: [String: String] = [:]
        var reports: [String: String] = [:]
        var acts: [Act] = []
        var stages: [String: CaseStage] = [:]
        var questions = 0
    }

    private struct Body: Decodable {
        struct Place: Decodable {
            let latitude: Double
            let longitude: Double
        }

        let location: Place
    }

    private struct Action: Decodable {
        let action: String
    }

    private struct Claims: Decodable {
        let sub: String
    }

    private let state = Mutex(State())
    private let folder: TemporaryFolder

    private init() throws { folder = try TemporaryFolder() }

    /// Who asked what, in order.
    var acts: [Act] { state.withLock { $0.acts } }
    var questions: Int { state.withLock { $0.questions } }
    var data: DataFolder { DataFolder(folder.url.path) }

    /// Lets a case stand as at its beginning, with its past.
    func reopen(_ caseId: String) { state.withLock { $0.stages[caseId] = nil } }

    /// What comes next instead of an answer, one after the other.
    func expect(_ troubles: Trouble...) { state.withLock { $0.troubles += troubles } }

    static func withCity<Result: Sendable>(
        _ body: @escaping @Sendable (CityStandIn, _ url: String) async throws -> Result
    ) async throws -> Result {
        let city = try CityStandIn()
        let router = Router()
        router.post("v1/reports") { request, _ in try await city.answer(201) { try await city.take(request) } }
        router.get("v1/reports/:id") { _, context in
            try await city.answer(200) { city.report(try context.parameters.require("id")) }
        }
        router.get("v1/cases/:id") { _, context in
            try await city.answer(200) { city.view(try context.parameters.require("id")) }
        }
        router.get("v1/cases/:id/timeline") { _, context in
            try await city.answer(200) { city.timeline(try context.parameters.require("id")) }
        }
        router.get("v1/commands/:id") { _, _ in try await city.answer(200) { #"{"commandId":"c-1"}"# } }
        router.post("v1/cases/:id/actions") { request, context in
            let id = try context.parameters.require("id")
            return try await city.answer(200) { try await city.act(request, on: id) }
        }
        return try await Application(router: router).test(.live) { client in
            try await body(city, "http://127.0.0.1:\(client.port ?? 0)")
        }
    }

    private func answer(_ status: Int, _ body: () async throws -> String) async throws -> Response {
        let trouble = state.withLock { state in
            state.questions += 1
            return state.troubles.isEmpty ? nil : state.troubles.removeFirst()
        }
        switch trouble {
        case .away: return Self.response(503, "{}")
        case .failing: return Self.response(500, #"{"title":"out of order"}"#)
        case .refusing(let words): return Self.response(409, #"{"title":"no","detail":"\#(words)"}"#)
        case .tooLate: return Self.response(409, #"{"title":"no","code":"too-late"}"#)
        case .late: return Self.response(202, #"{"commandId":"c-1"}"#)
        case nil: return Self.response(status, try await body())
        }
    }

    private static func response(_ status: Int, _ body: String) -> Response {
        Response(status: .init(code: status), body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    /// The same key is the same report, places within some hundred metres are the same case.
    private func take(_ request: Request) async throws -> String {
        let body = try await request.body.collect(upTo: 100_000)
        let place = try JSONDecoder().decode(Body.self, from: Data(body.readableBytesView)).location
        let key = request.headers[.init("idempotency-key") ?? .accept] ?? ""
        let spot = "\(Int(place.latitude * 1e3)) \(Int(place.longitude * 1e3))"
        state.withLock { state in
            let caseId = state.cases[spot] ?? "case-\(state.cases.count + 1)"
            state.cases[spot] = caseId
            state.reports[key] = caseId
        }
        return #"{"reportId":"\#(key)","communityId":"mingdu"}"#
    }

    private func report(_ id: String) -> String {
        let caseId = state.withLock { $0.reports[id] ?? "" }
        return #"{"caseId":"\#(caseId)","caseNumber":"N-\#(caseId)"}"#
    }

    private func view(_ id: String) -> String {
        let stage = state.withLock { $0.stages[id] ?? .opened }
        return """
            {"caseNumber":"N-\(id)","communityId":"mingdu","category":"E0102","stage":"\(stage.rawValue)",
             "openedAt":"2026-11-23T00:15:00.000Z",
             "ownerUnitId":"mingdu-property","handlerId":"worker-mingdu-property-1"}
            """
    }

    /// The first dispatch goes to 名都's own worker, each later one to that of the environment.
    private func timeline(_ id: String) -> String {
        let dispatches = state.withLock { state in
            state.acts.count { act in
                act.caseId == id && (act.action == "dispatch" || act.body.contains(#""agrees":false"#))
            }
        }
        let steps = (0..<dispatches).map { number in
            let unit = number == 0 ? "mingdu-property" : "sanitation"
            return #"{"type":"case.dispatched","ownerUnitId":"\#(unit)","handlerId":"worker-\#(unit)-1"}"#
        }
        let opened = #"{"type":"case.opened","ownerUnitId":"mingdu-property"}"#
        return "{\"items\":[" + ([opened] + steps).joined(separator: ",") + "]}"
    }

    private func act(_ request: Request, on id: String) async throws -> String {
        let body = try await request.body.collect(upTo: 100_000)
        let text = String(buffer: body)
        let action = try JSONDecoder().decode(Action.self, from: Data(text.utf8)).action
        let key = request.headers[.init("idempotency-key") ?? .accept] ?? ""
        let person = try Self.subject(of: request)
        state.withLock { state in
            state.acts.append(Act(caseId: id, action: action, body: text, person: person, key: key))
            if action == "verify" { state.stages[id] = .closed }
        }
        return "{}"
    }

    /// Whose token it is; believed, as nobody else comes here.
    private static func subject(of request: Request) throws -> String {
        let parts = (request.headers[.authorization] ?? "").split(separator: ".")
        let claims = parts.count == 3 ? Base64URL.bytes(String(parts[1])) ?? [] : []
        return try JSONDecoder().decode(Claims.self, from: Data(claims)).sub
    }
}
