import Contracts
import Foundation
import GRDB

/// Every transfer that points ever published, read from its outboxes as anyone could read it from the topic.
struct PointsBooks {
    let moves: [PointsMoved]

    init(_ shelf: StoreShelf) throws {
        moves = try shelf.points.flatMap { store in
            try store.rows("SELECT value FROM outbox WHERE topic = 'points-events.v1' ORDER BY number").compactMap {
                row in
                let value: Data = row["value"]
                guard PointsMoved.Step(rawValue: try MessageAttributes(value: value).type) != nil else { return nil }
                return try Envelope<PointsMoved>(value: value).data
            }
        }
    }

    func postingsSumToZero() -> AuditFinding {
        let broken = moves.filter { $0.postings.reduce(0) { $0 + $1.amount } != 0 }.map {
            "the postings of transfer \($0.transferId) do not sum to zero"
        }
        return AuditFinding("the postings of every transfer sum to zero", checked: moves.count, broken: broken)
    }

    func recounted() -> [String: Int] {
        moves.flatMap(\.postings).reduce(into: [:]) { $0[$1.accountId.rawValue, default: 0] += $1.amount }
    }
}

/// The 16 bytes of an id as people write it.
enum ReportName {
    static func text(_ data: Data) -> String {
        MessageID(data: data)?.description ?? "\(data.count) bytes"
    }
}
