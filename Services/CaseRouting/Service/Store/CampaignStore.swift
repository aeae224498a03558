import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB

/// The campaigns of one partition, as one command sees and changes them.
struct CampaignStore {
    private let transaction: Transaction
    private var db: Database { transaction.database }

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func find(_ id: CampaignID) throws -> CampaignState? {
        let statement = try db.cachedStatement(sql: "SELECT body FROM campaign WHERE id = ?")
        return try Data.fetchOne(statement, arguments: [id.rawValue]).map {
            try ContractCoding.decode(CampaignState.self, from: $0)
        }
    }

    /// Writes down what was decided, and says it: the events in order, then the campaign as it stands.
    func carryOut(_ decision: CampaignDecision, replacing old: CampaignState?) throws {
        let decided = decision.campaign
        try db.cachedStatement(
            sql: """
                INSERT INTO campaign (id, communityId, version, body) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body
                """
        ).execute(arguments: [
            decided.campaignId.rawValue, decided.communityId.rawValue, decided.version,
            try ContractCoding.encode(decided),
        ])
        try watch(decided, insteadOf: old)
        for event in decision.events {
            try transaction.emit(event, to: TopicCatalogue.caseEvents, key: decided.communityId.rawValue)
        }
        try transaction.emit(decided, to: TopicCatalogue.campaigns, key: decided.campaignId.rawValue)
    }

    /// Lets the campaign of a case know how far that has come.
    func follow(_ changed: Case, insteadOf old: Case?) throws {
        guard let id = changed.campaignId, let old,
            old.stage.name != changed.stage.name || old.afterPhotos != changed.afterPhotos
        else { return }
        guard let found = try find(id) else { throw CampaignStoreError.campaignLost(id, of: changed.id) }
        guard let decision = found.follow(changed, at: transaction.clock) else { return }
        try carryOut(decision, replacing: found)
    }

    private func watch(_ watched: CampaignState, insteadOf old: CampaignState?) throws {
        guard old?.alarm != watched.alarm else { return }
        let timer = "\(RunningCampaigns.deadlineKind)|\(watched.campaignId)"
        if let due = watched.alarm {
            try transaction.setTimer(
                timer, kind: RunningCampaigns.deadlineKind, about: watched.campaignId.rawValue, due: due)
        } else {
            try transaction.cancelTimer(timer)
        }
    }
}

/// A store that contradicts itself: the command becomes a dead letter, nothing is written.
enum CampaignStoreError: Error, CustomStringConvertible {
    case campaignLost(CampaignID, of: CaseID)
    case noPlace(TargetID)

    var description: String {
        switch self {
        case .campaignLost(let campaign, let caseId): "campaign \(campaign) of case \(caseId) is not in the store"
        case .noPlace(let target): "target \(target) has no place, which was asked before"
        }
    }
}
