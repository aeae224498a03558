import AsyncHTTPClient
import Contracts
import Foundation
import NIOHTTP1
import ServiceKit

/// Speaks to a running deployment through its own doors, as an app of a rider or of staff would.
///
/// Waits out what is away for a moment: services are restarted, and then have another address.
struct CityClient: Sendable {
    let http: HTTPClient
    /// Where a service is now; nil while it is nowhere.
    let address: @Sendable (_ service: String) throws -> String?
    /// How long something may be away.
    var patience: Duration
    let tokens: TokenPurse
    /// Told how long people waited for their steps.
    let times: StepTimes

    init(
        http: HTTPClient, folder: DataFolder, address: @escaping @Sendable (_ service: String) throws -> String?,
        patience: Duration = .seconds(60), times: StepTimes = StepTimes()
    ) {
        self.http = http
        self.address = address
        self.patience = patience
        self.times = times
        tokens = TokenPurse(folder)
    }

    /// How often an action that came too late is tried at most.
    private static let mostAttempts = 3

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
        try await timed(.report) {
            try json(
                try await send(
                    .POST, "report-intake", "/v1/reports", by: person, body: try ContractCoding.encode(report),
                    key: key))
        }
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
        let openedAt: Timestamp
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
    enum Outcome: Sendable, Equatable {
        case applied
        /// In the owner's words.
        case refused(String)
    }

    /// Something that happened to a case; what it says stays so, however far the case goes.
    struct Step: Decodable, Sendable {
        let type: String
        let ownerUnitId: String?
        let handlerId: String?
    }

    /// The case; waits until portal has heard of it.
    func caseView(_ id: String, by person: Person) async throws -> CaseView {
        try await wait("portal shows case \(id)") {
            let answer = try await send(.GET, "portal", "/v1/cases/\(id)", by: person)
            return answer.status == 404 ? nil : try json(answer)
        }
    }

    /// How the case was opened; waits until portal has heard of it.
    func opening(of id: String, by person: Person) async throws -> Step {
        try await step("case.opened", 1, of: id, by: person)
    }

    /// The n-th dispatch of a case, from 1; waits until portal has heard of it.
    func dispatch(_ number: Int, of id: String, by person: Person) async throws -> Step {
        try await step("case.dispatched", number, of: id, by: person)
    }

    private func step(_ type: String, _ number: Int, of id: String, by person: Person) async throws -> Step {
        struct Timeline: Decodable { let items: [Step] }
        return try await wait("portal shows \(type) no. \(number) of case \(id)") {
            let answer = try await send(.GET, "portal", "/v1/cases/\(id)/timeline", by: person)
            guard answer.status != 404 else { return nil }
            let timeline: Timeline = try json(answer)
            let steps = timeline.items.filter { $0.type == type }
            return steps.count >= number ? steps[number - 1] : nil
        }
    }

    /// Acts on a case and waits for what came of it; the same key again asks for the same outcome.
    ///
    /// A command that lay about for too long, with whoever took it, is given once more.
    func act(_ action: Action, on id: String, by person: Person, key: String) async throws -> Outcome {
        var attempt = 1
        while true {
            let name = attempt == 1 ? key : "\(key)-\(attempt)"
            let answer = try await timed(.action) { try await actOnce(action, on: id, by: person, key: name) }
            guard answer.status == 409, answer.code == "too-late", attempt < Self.mostAttempts else {
                return try outcome(answer)
            }
            attempt += 1
        }
    }

    private func timed<Value: Sendable>(_ step: StepTimes.Step, _ body: () async throws -> Value) async throws -> Value
    {
        let start = ContinuousClock.now
        let value = try await body()
        await times.note(step, ContinuousClock.now - start)
        return value
    }

    private func outcome(_ answer: Answer) throws -> Outcome {
        switch answer.status {
        case 200: return .applied
        case 403, 409, 422: return .refused(answer.words)
        default: throw CityFault.unexpected(answer)
        }
    }

    private struct Pending: Decodable {
        let commandId: String
    }

    private func actOnce(_ action: Action, on id: String, by person: Person, key: String) async throws -> Answer {
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
        return answer
    }

    // MARK: - People

    struct Points: Decodable, Sendable {
        let balance: Int
        let pending: Int
    }

    func points(of person: Person) async throws -> Points {
        try json(try await send(.GET, "portal", "/v1/me/points", by: person))
    }
}
