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
    private let tables = RoutingTables()

    func migrate(_ migrator: inout DatabaseMigrator) {
        CaseTables.migrate(&migrator)
    }

    func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        let table = try tables.table(for: transaction)
        switch command.attributes.type {
        case RegisterReport.type:
            return try RegisteringReports(transaction: transaction, table: table).register(command)
        case ReportTransferred.type:
            return try RegisteringReports(transaction: transaction, table: table).takeOver(command)
        case AmendReport.type:
            return try AmendingReports(transaction: transaction, table: table).amend(command)
        case ActOnCase.type:
            return try ActingOnCases(transaction: transaction, table: table).act(command)
        case StartCampaign.type:
            return try RunningCampaigns(transaction: transaction, table: table).start(command)
        case AddCampaignTargets.type:
            return try RunningCampaigns(transaction: transaction, table: table).addTargets(command)
        case VisitCampaignTarget.type:
            return try RunningCampaigns(transaction: transaction, table: table).visit(command)
        case EndCampaign.type:
            return try RunningCampaigns(transaction: transaction, table: table).end(command)
        case TimerDue.type:
            return try RingingAlarms(transaction: transaction, table: table).wake(command)
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
