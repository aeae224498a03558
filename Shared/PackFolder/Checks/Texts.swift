import Contracts
import NotificationWords

/// Notes events that leave people waiting for a word, and texts that nobody will read.
func checkTemplates(_ templates: [Entry<PackTemplate>], hasStations: Bool, _ problems: inout ProblemLog) {
    for template in templates where template.value.role == .unit {
        problems.add(
            .templateNeverRead, .notifications, template.position,
            "units are told by webhook, which carries the event and no text",
            "write `role: member` for the people of the unit, or take it out")
    }
    for (role, events) in expected + (hasStations ? expectedOfStations : []) {
        let told = Set(templates.map(\.value).filter { $0.role == role }.map(\.event))
        for event in events where !told.contains(event) {
            problems.add(
                .eventWithoutTemplate, .notifications, nil, "a \(role.rawValue) is not told of \(event)",
                "add a text with `event: \(event)` and `role: \(role.rawValue)`")
        }
    }
}

/// What people expect to be told: a pack without a text for one of these leaves them waiting.
private let expected: [(role: AudienceRole, events: [String])] = [
    (
        .reporter,
        [CaseOpened.type, ReportJoined.type]
            + types(of: [.filed, .refused, .dispatched, .closed, .reopened, .informationAsked])
            + pointEventsToldOf.map(\.rawValue)
            // Who objects knows.
            + NoticeChanged.Step.allCases.filter { $0 != .objected }.map(\.rawValue)
    ),
    (.handler, types(of: [.dispatched, .overdue, .verified, .reopened, .nearDue])),
    (.member, types(of: [.escalated, .whistled, .coOwnerAdded])),
    (.dispatcher, types(of: [.filingOverdue, .dispatchOverdue, .verificationOverdue])),
    (.verifier, types(of: [.verificationOverdue])),
]

/// And where prizes are handed out.
private let expectedOfStations: [(role: AudienceRole, events: [String])] = [
    (.reporter, [OrderChanged.Step.placed, .handedOver, .outOfStock, .cancelled, .expired].map(\.rawValue)),
    (.station, [OrderChanged.Step.placed.rawValue]),
]

private func types(of steps: [CaseChanged.Step]) -> [String] { steps.map(\.rawValue) }

/// Of what a person did not do themselves.
private let pointEventsToldOf: [PointsMoved.Step] = [
    .pended, .shared, .released, .voided, .capped, .awarded, .timedOut, .refunded, .expired, .clawedBack, .corrected,
]
