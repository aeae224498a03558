package import Contracts

extension Pack {
    package func prize(_ id: PrizeID) -> PackPrize? { points?.prizes?.first { $0.id == id } }

    package func station(_ id: StationID) -> PackStation? { points?.stations?.first { $0.id == id } }

    func team(_ id: TeamID) -> PackTeam? { points?.teams?.first { $0.id == id } }

    /// The ledger of a station's community.
    package func ledger(of station: StationID) -> LedgerID? {
        guard let community = self.station(station)?.communityId else { return nil }
        return communities.first { $0.id == community }?.ledgerId
    }

    /// Whether somebody works at a station; whoever runs the points may help out at each.
    package func lets(_ actor: Actor, serveAt station: StationID) -> Bool {
        if actor.has(Role.admin) { return true }
        guard actor.has(Role.station) else { return false }
        let staff = self.station(station)?.staffIds ?? []
        return staff.isEmpty || staff.contains(actor.personId)
    }

    /// How long an order waits, in milliseconds.
    package var pickUpTime: Int64 { Int64(points?.pickUpDays ?? 7) * 86_400_000 }
}

extension PackPrize {
    /// What it costs on a day such as `2026-11-23`; nil before its first price.
    package func price(on day: String) -> Int? { prices.last { $0.from <= day }?.points }
}
