import Contracts
import Foundation
import GRDB

/// What points published: every transfer, and each account as it stands.
struct PointsRecords {
    private var events: [Envelope<PointsMoved>] = []
    private var heads: [AccountID: AccountState] = [:]

    /// From the stores of a data folder, as anyone could read it from the topics.
    init(_ shelf: StoreShelf) throws {
        for store in shelf.points {
            let rows = try store.rows(
                "SELECT value FROM outbox WHERE topic IN ('points-events.v1', 'accounts.v1') ORDER BY number")
            for row in rows { try take(row["value"]) }
        }
    }

    /// From lines of records, such as `kcat` prints them.
    ///
    /// - Throws: ``PointsRecordsFault`` that names the first line which is no record.
    init(lines: [Data]) throws(PointsRecordsFault) {
        for (index, line) in lines.enumerated() {
            do {
                try take(line)
            } catch {
                throw PointsRecordsFault(line: index + 1, reason: "\(error)")
            }
        }
    }

    private mutating func take(_ value: Data) throws {
        let attributes = try MessageAttributes(value: value)
        if PointsMoved.Step(rawValue: attributes.type) != nil {
            events.append(try Envelope<PointsMoved>(attributes, value: value))
        } else if attributes.type == AccountState.type {
            let state = try Envelope<AccountState>(attributes, value: value).data
            if state.version >= heads[state.accountId]?.version ?? 0 { heads[state.accountId] = state }
        }
    }

    /// The accounts of this id, or of this person, by id.
    func accounts(of name: String) -> [AccountID] {
        let posted = events.flatMap(\.data.postings).map(\.accountId)
        let own = Set(posted).union(heads.keys).filter { account in
            account.rawValue == name || heads[account]?.personId?.rawValue == name
                || account.rawValue.split(separator: ":", maxSplits: 2).dropFirst(2).first.map(String.init) == name
        }
        return own.sorted()
    }

    func check(_ account: AccountID) throws -> AccountCheck {
        try AccountCheck(account, in: events, head: heads[account])
    }

    /// Whether the end of the account's chain is known.
    func knowsEnd(of account: AccountID) -> Bool { heads[account] != nil }
}

/// A line that is no record.
struct PointsRecordsFault: Error, CustomStringConvertible {
    let line: Int
    let reason: String

    var description: String {
        "Line \(line) is no record (\(reason)): give one JSON object a line, as 'kcat -C -e -q' prints them."
    }
}
