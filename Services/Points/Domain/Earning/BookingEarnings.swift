package import Contracts
package import PointRules

extension EarningMove {
    /// The move as a transfer: between promises, from what the ledger has to give out, or to where it can be spent.
    ///
    /// - Parameter expiresAt: Of the lots that released points open.
    package func transfer(expiresAt: Timestamp?) -> Transfer {
        let ledger = event.ledgerId
        let own = changes.map { Movement(.pending(of: Holder($0.earner), in: ledger), $0.points) }
        guard event.step != .released else {
            let paid = changes.map {
                Movement(.available(of: Holder($0.earner), in: ledger), -$0.points, lots: .opens(expiresAt: expiresAt))
            }
            return Transfer(event, own + paid)
        }
        let rest = changes.reduce(0) { $0 - $1.points }
        let all = own + (rest == 0 ? [] : [Movement(.issued(of: ledger), rest)])
        // What leaves comes first.
        return Transfer(event, all.filter { $0.amount < 0 } + all.filter { $0.amount > 0 })
    }
}

extension Holder {
    package init(_ earner: Earner) {
        switch earner {
        case .person(let id): self = .person(id)
        case .team(let id): self = .team(id)
        }
    }
}
