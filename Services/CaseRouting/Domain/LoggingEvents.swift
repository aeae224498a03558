package import Contracts

extension Case {
    /// Enters the events into the case's log, in order, each linked to the one before.
    package mutating func log(_ events: [CaseEvent], at now: Timestamp) throws -> [CaseLogEntry] {
        try events.map { event in
            let link = try CaseLink(event, after: chain, at: now)
            chain = CaseChain(number: link.number, hash: link.hash)
            return CaseLogEntry(event, chain: link)
        }
    }
}
