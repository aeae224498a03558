package import Contracts

/// Who earns: a person, or a team of the pack.
package enum Earner: Hashable, Sendable {
    case person(PersonID)
    case team(TeamID)

    package var personId: PersonID? {
        guard case .person(let id) = self else { return nil }
        return id
    }

    package var teamId: TeamID? {
        guard case .team(let id) = self else { return nil }
        return id
    }
}

extension Earner: PlainTextCodable {
    private static let teamMark = "team/"

    /// `rider-7`, `team/riders-1`: no person who can hold points has a name like the latter.
    package var codedText: String {
        switch self {
        case .person(let id): id.rawValue
        case .team(let id): Self.teamMark + id.rawValue
        }
    }

    package init(codedText: String, at path: [any CodingKey]) {
        self =
            codedText.hasPrefix(Self.teamMark)
            ? .team(TeamID(String(codedText.dropFirst(Self.teamMark.count)))) : .person(PersonID(codedText))
    }
}

/// A day or a month of an earner, such as `2026-11-23` or `2026-11`: what a cap is counted for.
package struct CapPeriod: Hashable, Sendable {
    package let ledgerId: LedgerID
    package let earner: Earner
    /// By the pack's calendar.
    package let period: String

    package init(ledgerId: LedgerID, earner: Earner, period: String) {
        self.ledgerId = ledgerId
        self.earner = earner
        self.period = period
    }
}

/// What the books say while a case is weighed.
package protocol EarningRecords {
    /// What was promised in a period so far; promises that were taken back count on, so that refused reports make no room
    /// for more.
    func promised(in period: CapPeriod) throws -> Int
    /// What a ledger's funders have put in and nobody was given yet.
    func budget(of ledger: LedgerID) throws -> Int
}
