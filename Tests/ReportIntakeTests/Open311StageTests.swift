import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

/// The words of mySociety's status field that readers of updates know.
private let words: [CaseStage: String] = [
    .filed: "INVESTIGATING", .dispatched: "IN_PROGRESS", .handled: "IN_PROGRESS", .closed: "FIXED",
    .refused: "NO_FURTHER_ACTION", .transferred: "INTERNAL_REFERRAL", .cancelled: "CANCELLED",
    .parked: "ACTION_SCHEDULED", .waiting: "INVESTIGATING", .referred: "INTERNAL_REFERRAL", .merged: "DUPLICATE",
]

@Test(arguments: CaseStage.allCases.filter { $0 != .opened })
func `an update tells the stage in mySociety's words and in ours`(stage: CaseStage) async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([.sample(version: 2, stage: stage)], at: IntakeUnderTest.noon.later(minutes: -5))

        let updates = try await client.both(
            "v2/servicerequestupdates", "", root: "service_requests_updates"
        ).array

        let update = try #require(updates?.first)
        #expect(update["status"]?.string == words[stage])
        #expect(update["description"]?.string == stage.chinese)
        #expect(update["external_status_code"]?.string == stage.rawValue)
    }
}
