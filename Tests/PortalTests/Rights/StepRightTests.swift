import Contracts
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// What happened to a case, with something in every field of a step that not everybody sees.
private struct FullCourse {
    static let details = StepDetails {
        $0.photos = [CitySample.photo(3)]
        $0.until = .minutes(90)
        $0.limit = "2d"
        $0.unitIds = [CitySample.sanitation]
    }

    let state: CaseState
    /// Who worked on it.
    let worker: PersonID
    /// Who answered and wrote more, as reporters may.
    let writer: PersonID

    init(_ viewer: RelatedViewer) {
        state = viewer.state(of: .request)
        worker = viewer.relation == .oneself ? "me" : "worker-b"
        writer = viewer.relation == .oneself ? "me" : "rider-8"
    }

    var events: [CaseEvent] {
        [
            state.opening,
            .changed(
                CaseChanged(
                    step: .handled, case: state.reference, at: .minutes(1), actorId: worker, reason: "清理完毕",
                    details: Self.details)),
            state.step(.informationGiven, by: writer, reason: "在三楼"),
            .reportAmended(
                CaseReportAmended(
                    case: state.reference, reportId: state.reportIds[0], actorId: writer, amendment: .edited,
                    stage: state.stage, text: "又多了一堆", address: "4 栋", photos: [CitySample.photo(1)],
                    externalStatus: "FIXED", at: .minutes(3))),
        ]
    }
}

@Test(arguments: RelatedViewer.all)
func `a field of a step and of the log is there for whom the table names, and for all others as the table says`(
    viewer: RelatedViewer
) async throws {
    try await PortalUnderTest.run { portal, client in
        let course = FullCourse(viewer)
        let held = Set([viewer.role].compactMap(\.self))
        let token = try await portal.token("me", held)
        try await portal.hear(course.state)
        for (minute, entry) in try linked(course.events).enumerated() {
            try await portal.hear(entry, at: .minutes(Int64(minute)))
        }

        let timeline = try await client.ask("/v1/cases/case-request/timeline", token: token).json["items"]?.array ?? []
        let log = try await client.ask("/v1/cases/case-request/log", token: token)

        try #require(timeline.count == course.events.count)
        let (opened, handled, answered, amended) = (timeline[0], timeline[1], timeline[2], timeline[3])
        for field in StepField.allCases {
            let right = field.right
            let sees = viewer.sees(right, as: viewer.relations.subtracting([.oneself]))
            func named(_ person: PersonID?) -> String? {
                sees || viewer.sees(right, as: person == "me" ? [.oneself] : []) ? person?.rawValue : nil
            }
            switch field {
            case .colleague:
                #expect(handled["handlerId"]?.string == named(course.state.handlerId))
                #expect(handled["actorId"]?.string == named(course.worker))
            case .reporter:
                #expect(opened["reporterId"]?.string == named(course.state.reporterIds.first))
                #expect(answered["actorId"]?.string == named(course.writer))
                #expect(amended["actorId"]?.string == named(course.writer))
            case .reason: #expect(handled["reason"]?.string == (sees ? "清理完毕" : nil))
            case .amendment:
                for member in ["text", "address", "photos", "externalStatus"] {
                    #expect((amended[member] != nil) == (named(course.writer) != nil), "\(member)")
                }
            case .details:
                let left = StepDetails {
                    $0.photos = FullCourse.details.photos
                    $0.until = FullCourse.details.until
                }
                let isTold = right.otherwise == .masked(.outcome) && viewer.relations.contains(.reporter)
                let wanted: StepDetails? = sees ? FullCourse.details : isTold ? left : nil
                let json = try wanted.map { try JSONValue(parsing: ServiceJSON.bytes($0)) }
                #expect(handled["details"] == json)
            case .logData:
                let call = try #require(CallRight.byCall["GET /v1/cases/{id}/log"])
                let isOpen = call.suffices(held) || viewer.relations.contains(.reporter)
                let items = log.json["items"]?.array ?? []
                #expect(log.status == (isOpen ? 200 : 403))
                #expect(items.count == (isOpen ? course.events.count : 0))
                #expect(items.allSatisfy { ($0["data"] != nil) == sees })
            }
            // Less than the whole, but something: details alone are told so.
            #expect((right.otherwise != .absent) == (field == .details))
        }
    }
}
