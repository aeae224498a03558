package import Contracts

/// Whose an account is, where it is not the ledger's own.
package enum Holder: Hashable, Sendable, CustomStringConvertible {
    case person(PersonID)
    case team(TeamID)
    case funder(FunderID)

    /// As it stands in an account's id: `rider-7`, `team/riders-1`, `street`.
    package var description: String {
        switch self {
        case .person(let id): id.rawValue
        case .team(let id): Self.teamMark + id.rawValue
        case .funder(let id): id.rawValue
        }
    }

    fileprivate static let teamMark = "team/"

    package var personId: PersonID? {
        guard case .person(let id) = self else { return nil }
        return id
    }

    package var teamId: TeamID? {
        guard case .team(let id) = self else { return nil }
        return id
    }
}

/// An account, named by what it is for and whose it is.
package struct LedgerAccount: Hashable, Sendable {
    package let ledgerId: LedgerID
    package let kind: AccountKind
    /// Nil for the ledger's own accounts.
    package let holder: Holder?
    /// `issued:nanchang`, `available:nanchang:rider-7`, `available:nanchang:team/riders-1`, `funder:nanchang:street`.
    ///
    /// Kept, since every posting writes it into a dozen places.
    package let id: AccountID

    private init(_ kind: AccountKind, of holder: Holder?, in ledgerId: LedgerID) {
        self.ledgerId = ledgerId
        self.kind = kind
        self.holder = holder
        let own = kind.rawValue + ":" + ledgerId.rawValue
        id = AccountID(holder.map { own + ":" + $0.description } ?? own)
    }

    /// The id says it all.
    package static func == (left: LedgerAccount, right: LedgerAccount) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }

    package static func funder(_ funder: FunderID, of ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(.funder, of: .funder(funder), in: ledger)
    }

    /// What funders put in and nobody has been given yet.
    package static func issued(of ledger: LedgerID) -> LedgerAccount { LedgerAccount(.issued, of: nil, in: ledger) }
    package static func expired(of ledger: LedgerID) -> LedgerAccount { LedgerAccount(.expired, of: nil, in: ledger) }
    package static func prizes(of ledger: LedgerID) -> LedgerAccount { LedgerAccount(.prizes, of: nil, in: ledger) }

    /// What is promised.
    package static func pending(of holder: Holder, in ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(.pending, of: holder, in: ledger)
    }

    /// What can be spent.
    package static func available(of holder: Holder, in ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(.available, of: holder, in: ledger)
    }

    /// What is set aside; of the ledger's own points without a holder.
    package static func held(of holder: Holder?, in ledger: LedgerID) -> LedgerAccount {
        LedgerAccount(.held, of: holder, in: ledger)
    }

    package static func pending(of person: PersonID, in ledger: LedgerID) -> LedgerAccount {
        pending(of: .person(person), in: ledger)
    }

    package static func available(of person: PersonID, in ledger: LedgerID) -> LedgerAccount {
        available(of: .person(person), in: ledger)
    }

    /// The account of this id in a ledger; nil where no account can have it.
    package init?(_ id: AccountID, in ledger: LedgerID) {
        let parts = id.rawValue.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = AccountKind(rawValue: String(parts[0])) else { return nil }
        let rest = String(parts[1])
        guard rest != ledger.rawValue else {
            guard [.issued, .expired, .prizes, .held].contains(kind) else { return nil }
            self.init(kind, of: nil, in: ledger)
            return
        }
        guard rest.hasPrefix("\(ledger):") else { return nil }
        let name = String(rest.dropFirst(ledger.rawValue.count + 1))
        guard !name.isEmpty else { return nil }
        switch kind {
        case .funder: self.init(kind, of: .funder(FunderID(name)), in: ledger)
        case .pending, .available, .held:
            let isTeam = name.hasPrefix(Holder.teamMark)
            self.init(
                kind, of: isTeam ? .team(TeamID(String(name.dropFirst(5)))) : .person(PersonID(name)), in: ledger)
        case .issued, .expired, .prizes: return nil
        }
    }
}
