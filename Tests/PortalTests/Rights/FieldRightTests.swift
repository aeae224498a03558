import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// A case with something in every field that not everybody sees.
private func full(
    _ kind: ReportKind, reporters: [PersonID] = ["rider-8"], handler: PersonID = "worker-a", rater: PersonID = "rider-8"
) -> CaseState {
    CaseState.sample(
        CaseID("case-\(kind.rawValue)"), kind: kind, stage: .dispatched, saying: "邻居的垃圾",
        reporters: reporters, unit: CitySample.property, handler: handler,
        course: CaseCourse {
            $0.question = "哪一层？"
            $0.party = "市政"
            $0.partyUntil = .minutes(60)
            $0.workPhotos = ["photo-1"]
            $0.extensionAsked = "2d"
            $0.proposedSame = []
            $0.linkHash = "hash of the link of \(kind.rawValue)"
            $0.ratings = [.init(reporterId: rater, at: .minutes(9), satisfied: true, solved: true)]
        }, grid: "grid-1", voiceNotes: [CitySample.voice(7)])
}

/// Who asks, and which people the case has.
struct RelatedViewer: Sendable, CustomTestStringConvertible {
    let role: Role?
    let relation: FieldRight.Relation?

    var testDescription: String { "\(role?.rawValue ?? "no role"), \(relation?.rawValue ?? "stranger")" }

    var relations: Set<FieldRight.Relation> {
        relation == .opener ? [.opener, .reporter] : Set([relation].compactMap(\.self))
    }

    /// Whether the table shows them all of a field.
    func sees(_ right: FieldRight, as relations: Set<FieldRight.Relation>) -> Bool {
        role.map(right.roles.contains) == true || right.relation.map(relations.contains) == true
    }

    func state(of kind: ReportKind) -> CaseState {
        switch relation {
        case .opener: full(kind, reporters: ["me", "rider-8"])
        case .reporter: full(kind, reporters: ["rider-8", "me"])
        case .handler: full(kind, handler: "me")
        case .oneself: full(kind, rater: "me")
        case nil: full(kind)
        }
    }

    static let all: [RelatedViewer] = (Role.allCases + [nil]).flatMap { role in
        (FieldRight.Relation.allCases + [nil]).map { RelatedViewer(role: role, relation: $0) }
    }
}

extension JSONValue {
    fileprivate func member(at path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { $0?[String($1)] }
    }
}

@Test func `a stranger sees these fields of a case, and no new one unless somebody gave it a right`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(RelatedViewer(role: nil, relation: nil).state(of: .request))
        let token = try await portal.token("me", [])

        let seen = try await client.ask("/v1/cases/case-request", token: token).json

        let names = try JSONDecoder().decode([String: JSONValue].self, from: JSONEncoder().encode(seen)).keys
        #expect(
            Set(names) == [
                "caseId", "version", "caseNumber", "communityId", "kind", "category", "stage", "location", "reporters",
                "isMine", "ownerUnitId", "submittedAt", "openedAt", "isOverdue", "reworks", "returns", "reopens",
                "ended",
            ])
    }
}

@Test(arguments: RelatedViewer.all)
func `a field is there in full for whom the table names, and for all others as the table says`(
    viewer: RelatedViewer
) async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("me", Set([viewer.role].compactMap(\.self)))
        let isStaff = viewer.role.map(Posts.staff.contains) == true
        for kind in ReportKind.allCases {
            let state = viewer.state(of: kind)
            let whole = try JSONValue(parsing: ServiceJSON.bytes(state))
            try await portal.hear(state)

            let seen = try await client.ask("/v1/cases/\(state.caseId)", token: token).json

            #expect(seen["caseNumber"]?.string == state.caseNumber)
            for field in CaseField.allCases {
                let value = seen.member(at: field.rawValue)
                guard !viewer.sees(field.right, as: viewer.relations) else {
                    #expect(value != nil && value == whole.member(at: field.rawValue), "\(field.rawValue)")
                    continue
                }
                switch field.right.otherwise {
                case .absent: #expect(value == nil, "\(field.rawValue)")
                case .masked(.snapshots):
                    #expect(value == (kind == .snapshot ? whole.member(at: field.rawValue) : nil))
                case .masked(.rounded):
                    #expect(value?["latitude"]?.number == 28.683 && value?["longitude"]?.number == 115.858)
                case .masked(.unsigned):
                    #expect(value?.array?.first?["reporterId"]?.string == (isStaff ? "hidden" : nil))
                case .masked(.outcome): Issue.record("\(field.rawValue) has no outcome")
                }
            }
        }
    }
}
