import Contracts
package import EventProcessing

extension Translator {
    /// Brings the steps of cases that can move points to the ledger of their community.
    ///
    /// Most steps cannot: those are dropped by their type, unread.
    package static let cases = Translator(
        name: "points", sources: [TopicCatalogue.caseEvents], target: TopicCatalogue.pointsCommands
    ) { record in
        guard stepsThatCount.contains(record.attributes.type) else { return [] }
        let event = try record.read(CaseEvent.self)
        return [Translation(ObserveCase(event: event), key: event.data.reference.ledgerId.rawValue)]
    }

    private static let stepsThatCount: Set<String> = [
        CaseChanged.Step.filed.rawValue, CaseChanged.Step.closed.rawValue, CaseChanged.Step.refused.rawValue,
        CaseChanged.Step.cancelled.rawValue, CaseTransferred.type,
        CaseOpened.type, ReportJoined.type,
    ]
}
