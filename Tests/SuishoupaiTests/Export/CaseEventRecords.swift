import Contracts
import EventProcessing
import Foundation
import Kafka
import TestSupport

/// Links of a case's log, one a minute, as case-routing would write them; partition 0 is of the source that ends so, the others are on 1.
func caseEvents(_ id: CaseID, _ count: Int, source: String) throws -> [OutgoingRecord] {
    var previous: CaseLink?
    return try (0..<count).map { number in
        let at = CitySample.monday.adding(milliseconds: Int64(number) * 60_000)
        let reference = CaseReference(
            caseId: id, caseNumber: "MD-\(id)", communityId: CitySample.mingdu, ledgerId: "gaoxin",
            category: CitySample.garbage, kind: .snapshot, reporterIds: ["rider-1"], ownerUnitId: nil,
            handlerId: nil)
        let event = CaseEvent.changed(
            CaseChanged(step: .filed, case: reference, at: at, actorId: "desk", reason: "=1+1 号"))
        let link = try CaseLink(
            event, after: previous.map { CaseChain(number: $0.number, hash: $0.hash) }, at: at)
        previous = link
        let envelope = Envelope(
            CaseLogEntry(event, chain: link), id: MessageID(namespace: .suishoupai, name: "\(id) \(number)"),
            source: "/\(source)", time: at)
        return OutgoingRecord(
            topic: TopicCatalogue.caseEvents.name, partition: source.hasSuffix("0") ? 0 : 1, key: Data("mingdu".utf8),
            value: try envelope.value(),
            headers: [
                RecordHeader(name: HeaderName.source, text: source),
                RecordHeader(name: HeaderName.row, text: "\(number + 1)"),
            ])
    }
}
