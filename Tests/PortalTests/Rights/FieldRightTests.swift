import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// A case with something in every field that not everybody sees.
private func full(reporters: [PersonID], handler: PersonID) -> CaseState {
    CaseState.sample(
        kind: .request, stage: .dispatched, saying: "邻居的垃圾", reporters: reporters, unit: CitySample.property,
        handler: handler,
        course: CaseCourse {
            $0.question = "哪一层？"
            $0.party = "市政"
            $0.partyUntil = .minutes(60)
            $0.workPhotos = ["photo-1"]
            $0.extensionAsked = "2d"
            $0.proposedSame = []
            $0.linkHash = "hash-of-a-link"
            $0.ratings = [.init(reporterId: "rider-8", at: .minutes(9), satisfied: true, solved: true)]
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

    var state: CaseState {
        switch relation {
        case .opener: full(reporters: ["me", "rider-8"], handler: "worker-a")
        case .reporter: full(reporters: ["rider-8", "me"], handler: "worker-a")
        case .handler: full(reporters: ["rider-8"], handler: "me")
        case .oneself, nil: full(reporters: ["rider-8"], handler: "worker-a")
        }
    }

    static let all: [RelatedViewer] = (Role.allCases + [nil]).flatMap { role in
        [.opener, .reporter, .handler, nil].map { RelatedViewer(role: role, relation: $0) }
    }
}

extension JSONValue {
    fileprivate func member(at path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { $0?[String($1)] }
    }
}

@Test func `a stranger sees these fields of a case, and no new one unless somebody gave it a right`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(RelatedViewer(role: nil, relation: nil).state)
        let token = try await portal.token("me", [])

        let seen = try await client.ask("/v1/cases/case-1", token: token).json

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
func `a field is there for whom the table names, and for nobody else`(viewer: RelatedViewer) async throws {
    try await PortalUnderTest.run { portal, client in
        let state = viewer.state
        try await portal.hear(state)
        let token = try await portal.token("me", Set([viewer.role].compactMap(\.self)))

        let seen = try await client.ask("/v1/cases/case-1", token: token).json

        #expect(seen["caseNumber"] == "MD-case-1")
        for field in CaseField.allCases {
            let right = field.right
            let isInFull =
                viewer.role.map(right.roles.contains) == true
                || right.relation.map(viewer.relations.contains) == true
            let value = seen.member(at: field.rawValue)
            switch field {
            case .location:
                #expect(value?["latitude"]?.number == (isInFull ? 28.6829 : 28.683))
                #expect(value?["longitude"]?.number == (isInFull ? 115.8582 : 115.858))
            case .ratings:
                let isStaff = viewer.role.map(Posts.staff.contains) == true
                let reporter = value?.array?.first?["reporterId"]?.string
                #expect(reporter == (isInFull ? "rider-8" : isStaff ? "hidden" : nil))
            default: #expect((value != nil) == isInFull, "\(field.rawValue)")
            }
        }
    }
}
