import Contracts
import ReportIntakeDomain
import ServiceKit
import Vocabulary

/// What the sender of a report is told beside its id, whichever door it came through.
struct Tidings: Equatable, Sendable {
    /// Where the words tell of danger to life.
    let emergency: EmergencyAdvice?
    /// Where the place lies in no community.
    let nearest: NearestCommunity?
    /// The path of the link by which the report is followed without an account.
    let follow: String
}

extension ReportDesk {
    func tidings(of entry: ReportEntry, _ receipt: Receipt) -> Tidings {
        Tidings(
            emergency: entry.emergency,
            nearest: receipt.communityId == .unassigned ? entry.submission.event.nearestCommunity : nil,
            follow: links.path(of: receipt.reportId))
    }
}

extension Tidings {
    /// As members of an answer of ours.
    func add(to members: inout [String: JSONValue]) {
        members["emergency"] = emergency?.json
        members["nearestCommunity"] = nearest?.json
        members["follow"] = .string(follow)
    }
}
