import Contracts
import Hummingbird

/// The log of a case, link by link, for docs/routing-log.md's rule.
struct CaseLogView: ResponseEncodable, Sendable {
    /// The newest link by the case's state; absent where it has none.
    let chain: CaseChain?
    /// By number.
    let items: [Item]

    struct Item: Codable, Sendable {
        let number: Int
        let type: String
        let time: Timestamp
        let previous: String
        let content: String
        let hash: String
        /// What was told, with everybody in it: for those who may know who reported.
        let data: ContractJSON?
    }

    init(_ records: [CaseRecord], chain: CaseChain?, for viewer: Viewer) {
        self.chain = chain
        items = records.compactMap { record in
            guard let link = record.entry.data.chain else { return nil }
            return Item(
                number: link.number, type: record.entry.attributes.type, time: record.entry.time,
                previous: link.previous, content: link.content, hash: link.hash,
                data: viewer.sees(StepField.logData.right, as: []) ? record.data : nil)
        }.sorted { $0.number < $1.number }
    }
}

/// A record of `case-events.v1` as it came.
struct CaseRecord: Sendable {
    let entry: Envelope<CaseLogEntry>
    let data: ContractJSON?
}
