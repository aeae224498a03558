import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import ServiceKit

/// Speaks to a running deployment through its own doors, as an app of a rider or of staff would.
///
/// Waits out what is away for a moment: services are restarted, and then have another address.
struct CityClient: Sendable {
    let http: HTTPClient
    let folder: DataFolder
    /// Where a service is now; nil while it is nowhere.
    let address: @Sendable (_ service: String) throws -> String?
    /// How long something may be away.
    var patience = Duration.seconds(60)

    /// Somebody who asks for something.
    struct Person: Sendable, Hashable {
        let id: String
        let role: Role
    }

    // MARK: - Reports

    struct Report: Encodable, Sendable {
        let description: String
        let kind: ReportKind
        let category: CategoryCode?
        let location: Location
    }

    struct Receipt: Decodable, Sendable {
        let reportId: String
        let communityId: String
    }

    /// Sends a report; sent again under the same key it is the same report.
    func submit(_ report: Report, by person: Person, key: String) async throws -> Receipt {
        try json(
            try await send(
                .POST, "report-intake", "/v1/reports", by: person, body: try ContractCoding.encode(report), key: key))
    }

    struct Registration: Decodable, Sendable {
        let caseId: String
        let caseNumber: String
    }

    /// Waits until the report is in a case.
    func registration(of report: Receipt, by person: Person) async throws -> Registration {
        struct View: Decodable {
            let caseId: String?
            let caseNumber: String?
        }
        return try await wait("report \(report.reportId) is in a case") {
            let answer = try await send(.GET, "report-intake", "/v1/reports/\(report.reportId)", by: person)
            let view: View = try json(answer)
            guard let id = view.caseId, let number = view.caseNumber else { return nil }
            return Registration(caseId: id, caseNumber: number)
        }
    }

    // MARK: - Cases

    struct CaseView: Decodable, Sendable {
        let caseNumber: String
        let communityId: String
        let category: String
        let stage: CaseStage
        let ownerUnitId: String?
        let handlerId: String?
    }

    struct Action: Encodable, Sendable {
        let action: CaseAction
        var reason: String?
        var unitId: String?
        var handlerId: String?
        var agrees: Bool?
    }

    /// What came of an action.
    enum Outcome: Sendable {
        case applied
        /// In the owner's words.
        case refused(String)
    }

    /// The case; waits until portal has heard of it.
    func caseView(_ id: String, by person: Person) async throws -> CaseView {
        try await wait("portal shows case \(id)") {
            let answer = try await send(.GET, "portal", "/v1/cases/\(id)", by: person)
            return answer.status == 404 ? nil : try json(answer)
        }
    }

    /// Acts on a case and waits for what came of it; the same key again asks for the same outcome.
    func act(_ action: Action, on id: String, by person: Person, key: String) async throws -> Outcome {
        let body = try ContractCoding.encode(action)
        var answer: Answer = try await wait("portal shows case \(id)") {
            let answer = try await send(.POST, "portal", "/v1/cases/\(id)/actions", by: person, body: body, key: key)
            return answer.status == 404 ? nil : answer
        }
        if answer.status == 202 {
            let pending: Pending = try json(answer)
            answer = try await wait("command \(pending.commandId) has its outcome") {
                let answer = try await send(.GET, "portal", "/v1/commands/\(pending.commandId)", by: person)
                return answer.status == 202 ? nil : answer
            }
        }
        switch answer.status {
        case 200: return .applied
        case 403, 409, 422: return .refused(answer.words)
        default: throw CityFault.unexpected(answer)
        }
    }

    // MARK: - Asking

    struct Answer: Sendable {
        let status: UInt
        let body: Data

        /// What a problem document says, or the status.
        var words: String {
            struct Problem: Decodable {
                let title: String?
                let detail: String?
            }
            do {
                let problem = try ContractCoding.decode(Problem.self, from: body)
                return problem.detail ?? problem.title ?? "status \(status)"
            } catch {
                return "status \(status)"
            }
        }
    }

    private struct Pending: Decodable {
        let commandId: String
    }

    /// Asks until somebody answers who can.
    private func send(
        _ method: HTTPMethod, _ service: String, _ path: String, by person: Person, body: Data? = nil,
        key: String? = nil
    ) async throws -> Answer {
        let token = try await TokenCommand.token(folder, roles: [person.role], subject: person.id, hours: 1)
        return try await wait("\(service) answers") {
            guard let address = try address(service) else { return nil }
            var request = HTTPClientRequest(url: address + path)
            request.method = method
            request.headers.add(name: "authorization", value: "Bearer \(token)")
            if let key { request.headers.add(name: "idempotency-key", value: key) }
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(ByteBuffer(bytes: body))
            }
            do {
                let response = try await http.execute(request, timeout: .seconds(30))
                let body = try await response.body.collect(upTo: 4 << 20)
                let isAway = [429, 502, 503, 504].contains(response.status.code)
                return isAway ? nil : Answer(status: response.status.code, body: Data(body.readableBytesView))
            } catch {
                // No connection, or one that broke: the service may be starting again.
                try Task.checkCancellation()
                return nil
            }
        }
    }

    private func json<Value: Decodable>(_ answer: Answer) throws -> Value {
        guard (200..<300).contains(answer.status) else { throw CityFault.unexpected(answer) }
        return try ContractCoding.decode(Value.self, from: answer.body)
    }

    func wait<Value: Sendable>(_ what: String, for value: () async throws -> Value?) async throws -> Value {
        let deadline = ContinuousClock.now + patience
        while true {
            if let found = try await value() { return found }
            guard ContinuousClock.now < deadline else { throw CityFault.timeIsUp(what) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

// CityFault
//   unexpected    an answer that nobody foresaw
//   timeIsUp      what was waited for did not come

/// Why it could not be gone on with.
enum CityFault: Error, CustomStringConvertible {
    case unexpected(CityClient.Answer)
    case timeIsUp(String)

    var description: String {
        switch self {
        case .unexpected(let answer): "unexpected answer \(answer.status): \(answer.words)"
        case .timeIsUp(let what): "time is up, and still not: \(what)"
        }
    }
}
