import Contracts
import EventProcessing

extension Translator {
    /// Each report of `reports.v1`, and each amendment of one, becomes a command for its community's partition.
    ///
    /// Both have the community that intake gave the report, so an amendment comes behind its report.
    static let reports = Translator(
        name: "case-routing", sources: [TopicCatalogue.reports], target: TopicCatalogue.caseCommands
    ) { record in
        if record.attributes.type == ReportAmended.type {
            let amendment = try record.read(ReportAmended.self)
            return [Translation(AmendReport(amendment: amendment), key: amendment.data.communityId.rawValue)]
        }
        let report = try record.read(ReportSubmitted.self)
        return [Translation(RegisterReport(report: report), key: report.data.communityId.rawValue)]
    }
}
