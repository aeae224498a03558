import Contracts
import ReportIntakeDomain
import ServiceKit

/// Where a report stands, seen by somebody who has a say in it.
struct Standing: Sendable {
    let reportId: MessageID
    /// Where it was sent to first: all that is said of it later goes the same way, behind it.
    let communityId: CommunityID
    /// By which name the asker has a say.
    let actor: PersonID
    /// Nil where another instance took it in.
    let report: KnownReport?
    /// Nil while there is none, or it has not come here.
    let `case`: KnownCase?
}

extension ReportDesk {
    static let unknownReport = ProblemDetails.notFound("There is no such report here, or it is not yours.")

    /// - Throws: `ProblemDetails` 404 for a report that is not here, and for one that is nobody else's business.
    ///
    /// - Parameter isStaff: whether every report is the asker's business.
    func standing(
        of report: MessageID, for principal: Principal, isStaff: Bool = false
    ) async throws -> Standing {
        let person = PersonID(principal.subject)
        let names = people.all(of: person)
        return try await standing(of: report) { known, found in
            if let known {
                if names.contains(known.reporterId) { return known.reporterId }
                return known.senderId == person || isStaff ? person : nil
            }
            // Whether a platform sent it only its owner knows, and decides.
            return found?.reporterIds.first(where: names.contains) ?? (principal.has(anyOf: [.platform]) ? person : nil)
        }
    }

    /// The same for whoever holds the link.
    func standing(byLink code: String?) async throws -> Standing {
        guard let code, let report = links.report(of: code) else {
            throw ProblemDetails.notFound("This link leads to no report: check that all of it was copied.")
        }
        let anonymous = people.anonymous(report)
        return try await standing(of: report) { known, found in
            if let known { return known.reporterId }
            guard let reporters = found?.reporterIds else { return nil }
            return reporters.contains(anonymous) ? anonymous : reporters.count == 1 ? reporters.first : nil
        }
    }

    private func standing(
        of report: MessageID, actor: (KnownReport?, KnownCase?) -> PersonID?
    ) async throws -> Standing {
        let known = try await store.report(report)
        var state: KnownCase?
        if let found = try await store.caseId(of: report) { state = try await store.cases([found.rawValue]).first }
        guard let community = known?.communityId ?? state?.communityId, let actor = actor(known, state) else {
            throw Self.unknownReport
        }
        return Standing(reportId: report, communityId: community, actor: actor, report: known, case: state)
    }
}
