import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import ServiceKit

/// Speaks to intake and portal as the apps of riders and staff do.
struct DemoClient: Sendable {
    let folder: DataFolder
    let http: HTTPClient
    let intake: String
    let portal: String

    /// An answer that a story cannot go on from.
    struct Unexpected: Error, CustomStringConvertible {
        let what: String
        var description: String { what }
    }

    struct CaseView: Decodable, Sendable {
        let caseId: String
        let caseNumber: String
        let stage: String
        let handlerId: String?
    }

    private struct Accepted: Decodable { let reportId: String }
    private struct ReportView: Decodable {
        let caseId: String?
        let caseNumber: String?
    }

    struct Points: Decodable, Sendable {
        let balance: Int
        let pending: Int
    }

    func token(_ role: Role, _ subject: String) async throws -> String {
        try await TokenCommand.token(folder, roles: [role], subject: subject, hours: 24)
    }

    /// Sends a report and waits until it has a case.
    func report(
        by rider: String, _ description: String, category: String, kind: ReportKind, at place: Location, key: String
    ) async throws -> (caseID: String, caseNumber: String) {
        let token = try await token(.rider, rider)
        let body: JSONValue = [
            "description": .string(description), "category": .string(category), "kind": .string(kind.rawValue),
            "location": ["latitude": .number(place.latitude), "longitude": .number(place.longitude)],
        ]
        let answer = try await send(.POST, "\(intake)/v1/reports", token: token, body: body, key: key)
        let id = try ContractCoding.decode(Accepted.self, from: answer).reportId
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let view = try ContractCoding.decode(
                ReportView.self, from: try await send(.GET, "\(intake)/v1/reports/\(id)", token: token))
            if let caseID = view.caseId, let number = view.caseNumber { return (caseID, number) }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Unexpected(what: "report \(id) has no case after 30 s: look at \(folder.path)logs")
    }

    /// Acts on a case; the answer tells how the case stands then.
    func act(
        _ role: Role, _ person: String, _ action: CaseAction, on caseID: String, _ more: JSONValue = [:]
    ) async throws {
        var body: [String: JSONValue] = ["action": .string(action.rawValue)]
        if case .object(let fields) = more { body.merge(fields) { $1 } }
        _ = try await send(
            .POST, "\(portal)/v1/cases/\(caseID)/actions", token: try await token(role, person), body: .object(body),
            key: MessageID.random().description)
    }

    func view(_ caseID: String, as dispatcher: String) async throws -> CaseView {
        let body = try await send(
            .GET, "\(portal)/v1/cases/\(caseID)", token: try await token(.dispatcher, dispatcher))
        return try ContractCoding.decode(CaseView.self, from: body)
    }

    func points(of rider: String) async throws -> Points {
        let body = try await send(.GET, "\(portal)/v1/me/points", token: try await token(.rider, rider))
        return try ContractCoding.decode(Points.self, from: body)
    }

    private func send(
        _ method: HTTPMethod, _ url: String, token: String, body: JSONValue? = nil, key: String? = nil
    ) async throws -> Data {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let key { request.headers.add(name: "Idempotency-Key", value: key) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.bytes()))
        }
        let response = try await http.execute(request, timeout: .seconds(20))
        let bytes = Data(try await response.body.collect(upTo: 4 << 20).readableBytesView)
        guard (200..<300).contains(Int(response.status.code)) else {
            throw Unexpected(
                what:
                    "\(method.rawValue) \(url) answered \(response.status.code): \(String(decoding: bytes, as: UTF8.self))"
            )
        }
        return bytes
    }
}
