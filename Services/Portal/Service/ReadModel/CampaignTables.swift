import Contracts
import Foundation
import GRDB

/// Rows about campaigns.
enum CampaignTables {
    static let schema = """
        CREATE TABLE campaignState (
            campaignId TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, communityId TEXT NOT NULL,
            ended INTEGER NOT NULL, startedAt INTEGER NOT NULL, body TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX campaignStateNewest ON campaignState (startedAt, campaignId);
        """

    static func keep(_ state: CampaignState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO campaignState (campaignId, version, communityId, ended, startedAt, body)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (campaignId) DO UPDATE SET version = excluded.version, ended = excluded.ended,
                    body = excluded.body
                WHERE excluded.version > version
                """
        ).execute(arguments: [
            state.campaignId.rawValue, state.version, state.communityId.rawValue, state.ended,
            state.startedAt.milliseconds, try ContractCoding.text(state),
        ])
    }
}

/// Where a page of campaigns begins.
struct CampaignPlace: Codable, Sendable, Equatable {
    let startedAt: Int64
    let campaignId: String
}

/// Which campaigns a list shows; nil means all.
struct CampaignFilter: Sendable {
    var communityId: String?
    var ended: Bool?
}

extension ReadModel {
    func campaign(_ id: CampaignID) async throws -> CampaignState? {
        try await read { db in
            try String.fetchOne(
                db, sql: "SELECT body FROM campaignState WHERE campaignId = ?", arguments: [id.rawValue]
            ).map(Self.campaign)
        }
    }

    /// Up to `limit` campaigns, newest first, behind `place`.
    func campaigns(_ filter: CampaignFilter, after place: CampaignPlace?, limit: Int) async throws -> [CampaignState] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT body FROM campaignState
                    WHERE (?1 IS NULL OR communityId = ?1) AND (?2 IS NULL OR ended = ?2)
                        AND (?3 IS NULL OR (startedAt, campaignId) < (?3, ?4))
                    ORDER BY startedAt DESC, campaignId DESC LIMIT ?5
                    """,
                arguments: [filter.communityId, filter.ended, place?.startedAt, place?.campaignId, limit]
            ).map(Self.campaign)
        }
    }

    private static func campaign(_ body: String) throws -> CampaignState {
        try ContractCoding.decode(CampaignState.self, from: Data(body.utf8))
    }
}
