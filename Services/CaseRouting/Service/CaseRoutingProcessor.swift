import CaseRoutingDomain
import Contracts
import EventProcessing
import GRDB

/// One case per problem: merges duplicates, finds the owner, runs the clock and the seven-step loop.
struct CaseRoutingProcessor: Processor {
    let name = "case-routing"
    let logic = 1
    let commandTopic = TopicCatalogue.caseCommands
    let eventTopic = TopicCatalogue.caseEvents
    let machineTables = CaseTables.names
    let figures = CaseTables.figures
    private let tables = RoutingTables()
    private let known = KnownBodies()

    func migrate(_ migrator: inout DatabaseMigrator) {
        CaseTables.migrate(&migrator)
    }

    func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        let table = try tables.table(for: transaction)
        let store = CaseStore(transaction, known: known)
        switch command.attributes.type {
        case RegisterReport.type:
            return try RegisteringReports(transaction: transaction, table: table, store: store).register(command)
        case ReportTransferred.type:
            return try RegisteringReports(transaction: transaction, table: table, store: store).takeOver(command)
        case AmendReport.type:
            return try AmendingReports(transaction: transaction, table: table, store: store).amend(command)
        case ActOnCase.type:
            return try ActingOnCases(transaction: transaction, table: table, store: store).act(command)
        case StartCampaign.type:
            return try RunningCampaigns(transaction: transaction, table: table, store: store).start(command)
        case AddCampaignTargets.type:
            return try RunningCampaigns(transaction: transaction, table: table, store: store).addTargets(command)
        case VisitCampaignTarget.type:
            return try RunningCampaigns(transaction: transaction, table: table, store: store).visit(command)
        case EndCampaign.type:
            return try RunningCampaigns(transaction: transaction, table: table, store: store).end(command)
        case TimerDue.type:
            return try RingingAlarms(transaction: transaction, table: table, store: store).wake(command)
        default:
            return .refused(
                Refusal(
                    code: "unknown-command",
                    reason: "案件派遣不认识 '\(command.attributes.type)' / case-routing does not know this command."))
        }
    }
}

extension Refusal {
    init(_ refusal: CaseRefusal) {
        self.init(
            code: refusal.code.rawValue, reason: refusal.reason, allowed: refusal.allowed.map(\.rawValue))
    }
}
