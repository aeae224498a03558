import Contracts
import EventProcessing

extension Translator {
    /// Each report of `reports.v1` becomes a command for its community's partition.
    static let reports = Translator(
        name: "case-routing", sources: [TopicCatalogue.reports], target: TopicCatalogue.caseCommands
    ) { record in
        let report = try record.read(ReportSubmitted.self)
        return [Translation(RegisterReport(report: report), key: report.data.communityId.rawValue)]
    }
}
