package import Contracts

/// What a decision about several cases asks of the store.
package struct OtherCases {
    /// A case by its id.
    package let find: (CaseID) throws -> Case?
    /// The numbers of the open parts of a case, the first few in order.
    package let openParts: (CaseID) throws -> [String]
    /// Whether a case has parts, open or not.
    package let hasParts: (CaseID) throws -> Bool
    /// A report of a case, as it reads now.
    package let report: (Case.Contribution, CaseID) throws -> ReportSubmitted
    /// The id and the number of a case to be opened.
    package let newCase: () throws -> (id: CaseID, number: String)

    package init(
        find: @escaping (CaseID) throws -> Case?, openParts: @escaping (CaseID) throws -> [String],
        hasParts: @escaping (CaseID) throws -> Bool,
        report: @escaping (Case.Contribution, CaseID) throws -> ReportSubmitted,
        newCase: @escaping () throws -> (id: CaseID, number: String)
    ) {
        self.find = find
        self.openParts = openParts
        self.hasParts = hasParts
        self.report = report
        self.newCase = newCase
    }

    /// Of a decision that is about one case alone.
    package static var none: OtherCases {
        OtherCases(
            find: { _ in nil }, openParts: { _ in [] }, hasParts: { _ in false },
            report: { part, _ in throw NoOtherCases.noReport(part.reportId) }, newCase: { throw NoOtherCases.noCase })
    }
}

/// A decision asked for what it was not given: a fault of the program.
enum NoOtherCases: Error {
    case noReport(ReportID)
    case noCase
}
