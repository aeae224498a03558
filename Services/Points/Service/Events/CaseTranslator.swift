import Contracts
package import EventProcessing

extension Translator {
    /// Brings the steps of cases that can move points, or tell who is to have them, to the ledger of their community.
    ///
    /// Most steps cannot: those are dropped by their type, unread.
    package static let cases = Translator(
        name: "points", sources: [TopicCatalogue.caseEvents], target: TopicCatalogue.pointsCommands
    ) { record in
        guard stepsThatCount.contains(record.attributes.type) else { return [] }
        let event = try record.read(CaseEvent.self)
        // Of what reporters do with a report later only taking it back counts.
        if case .reportAmended(let amended) = event.data, amended.amendment != .withdrawn { return [] }
        return [Translation(ObserveCase(event: event), key: event.data.reference.ledgerId.rawValue)]
    }

    private static let stepsThatCount: Set<String> =
        Set([CaseChanged.Step.filed, .closed, .refused, .reopened, .cancelled, .merged, .split].map(\.rawValue))
        .union([CaseOpened.type, ReportJoined.type, CaseTransferred.type, CaseReportAmended.type])
}
