package import Contracts

extension Case {
    /// Enters the events into the case's log, in order, each linked to the one before.
    package mutating func log(_ events: [CaseEvent], at now: Timestamp) throws -> [CaseLogEntry] {
        try events.map { event in
            let entry = try CaseLogEntry(event, after: chain, at: now)
            chain = entry.chain.map { CaseChain(number: $0.number, hash: $0.hash) }
            return entry
        }
    }
}
