import CaseRoutingDomain
import Contracts
import GRDB

/// Which case of a community has a photo that looks like this one.
struct PhotoLooks {
    let db: Database

    /// So many of the latest are compared for each piece of a look.
    private static let mostCompared = 50
    private static let mostCleared = 20
    /// So many cases are named.
    private static let mostNamed = 8

    /// Keeps the looks that came to a case, for as long as they are of use.
    func keep(_ new: Case, insteadOf old: Case?, at now: Timestamp, span: Int64) throws {
        let known = Set((old?.photos ?? []).map(\.id))
        let coming = (new.photos ?? []).filter { !known.contains($0.id) }.compactMap(\.look).compactMap {
            PhotoLook($0)
        }
        guard !coming.isEmpty else { return }
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO casePhotoLook (communityId, piece, at, caseId, look) VALUES (?, ?, ?, ?, ?)")
        for look in coming {
            for piece in look.pieces {
                try insert.execute(arguments: [
                    new.communityId.rawValue, piece, now.milliseconds, new.id.rawValue,
                    Int64(bitPattern: look.bits),
                ])
            }
        }
        try db.cachedStatement(
            sql: """
                DELETE FROM casePhotoLook WHERE (communityId, piece, at, caseId, look) IN (
                    SELECT communityId, piece, at, caseId, look FROM casePhotoLook WHERE at < ?
                    ORDER BY at, communityId, piece, caseId, look LIMIT ?)
                """
        ).execute(arguments: [now.adding(milliseconds: -span).milliseconds, Self.mostCleared])
    }

    /// The cases that have one of these photos, the latest first.
    func cases(with looks: [PhotoLook], in communityId: CommunityID, since moment: Timestamp) throws -> [CaseID] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT at, caseId, look FROM casePhotoLook WHERE communityId = ? AND piece = ? AND at >= ?
                ORDER BY at DESC, caseId DESC, look DESC LIMIT ?
                """)
        var found: [CaseID: Int64] = [:]
        for look in looks {
            for piece in look.pieces {
                let rows = try Row.fetchAll(
                    statement,
                    arguments: [communityId.rawValue, piece, moment.milliseconds, Self.mostCompared])
                for row in rows {
                    let other = PhotoLook(bits: UInt64(bitPattern: row["look"] as Int64))
                    guard look.difference(from: other) <= PhotoLook.mostSame else { continue }
                    let id = CaseID(row["caseId"] as String)
                    found[id] = max(found[id] ?? 0, row["at"])
                }
            }
        }
        let latest = found.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return latest.prefix(Self.mostNamed).map(\.key)
    }
}
