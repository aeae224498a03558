import Contracts
import Hummingbird
import ServiceKit

/// What a person has in points.
struct PersonRoutes: Sendable {
    let readModel: ReadModel
    let now: @Sendable () -> Timestamp

    /// What expires within so many milliseconds is shown as expiring soon: 30 days.
    private static let soon: Int64 = 30 * 86_400_000

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/points") { request, context in
            let wanted = try PageRequest<StatementPlace>(request)
            let person = context.principal.names
            let balance = try await readModel.balance(of: person)
            let entries = try await readModel.statement(of: person, after: wanted.after, limit: wanted.limit + 1)
            return PointsView(
                balance: balance.available, pending: balance.pending, held: balance.held,
                expiringSoon: try await readModel.expiring(
                    of: person, before: now().adding(milliseconds: Self.soon)),
                statement: try Page(fetched: entries.map(StatementEntry.init), limit: wanted.limit) {
                    StatementPlace(at: $0.at.milliseconds, id: $0.id.description)
                })
        }
    }
}

/// A person's points, and how they came about.
struct PointsView: ResponseEncodable, Sendable {
    /// To spend now.
    let balance: Int
    /// Promised, until the case is closed.
    let pending: Int
    /// Set aside for orders.
    let held: Int
    /// Within 30 days, the earliest first 即将过期.
    let expiringSoon: [ExpiringLot]
    let statement: Page<StatementEntry>
}

/// One movement of a person's points, with the rule that made it.
struct StatementEntry: Encodable, Sendable {
    let id: MessageID
    let at: Timestamp
    let type: String
    let points: Int
    let caseId: CaseID?
    let caseNumber: String?
    let ruleId: String?
    let explanation: String
    /// Absent where somebody wrote it, in whatever language.
    let explanationInEnglish: String?

    init(_ envelope: Envelope<PointsMoved>) {
        id = envelope.id
        at = envelope.time
        type = envelope.attributes.type
        points = envelope.data.points
        caseId = envelope.data.caseId
        caseNumber = envelope.data.caseNumber
        ruleId = envelope.data.ruleId
        explanation = envelope.data.explanation
        explanationInEnglish = envelope.data.explanationInEnglish
    }
}

extension PointsMoved {
    /// Rule, event and cap in the reader's language; in Chinese where it was not said in English.
    func explanation(in language: Language) -> String {
        language == .english ? explanationInEnglish ?? explanation : explanation
    }
}
