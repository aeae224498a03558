import Contracts
import Foundation
import TestSupport
import Testing

/// What becomes of reports later, with real processes: words are added and changed, a report is taken back, a category is
/// corrected, and a hidden reporter hears of it all.
@Suite(.serialized, .timeLimit(.minutes(10))) struct AmendmentTests {
    private struct Receipt: Decodable {
        let reportId: String
        let follow: String
    }

    private struct Progress: Decodable {
        struct Amendment: Decodable {
            let amendment: String
            let status: String
        }

        let caseId: String?
        let stage: String?
        let description: String?
        let amendments: [Amendment]?
    }

    private struct Inbox: Decodable {
        struct Item: Decodable { let caseId: String? }

        let items: [Item]
    }

    @Test func `a hidden reporter changes, adds, is told and takes back, and staff corrects a category`() async throws {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let rider = try await deployment.token("rider", "rider-hidden")
            let first = try await Self.report("两袋垃圾", "confidential", 0, deployment, token: rider)
            let second = try await Self.report("三袋垃圾", "anonymous", 600, deployment, token: rider)
            let caseId = try #require(try await Self.inCase(first, deployment).caseId)

            // Who reported confidentially is themselves with their own token, and nobody else anywhere.
            try await eventually("the hidden reporter's inbox tells of the case") {
                try await deployment.get("portal", "/v1/me/inbox", token: rider).json(Inbox.self).items
                    .contains { $0.caseId == caseId }
            }
            let dispatcher = try await deployment.token("admin", "admin-1")
            let seen = try await deployment.get("portal", "/v1/cases/\(caseId)", token: dispatcher)
            #expect(seen.text.contains("conf:"))
            #expect(!seen.text.contains("rider-hidden"))

            let uri = "/v1/reports/\(first.reportId)"
            let edit = try await deployment.send(
                "PATCH", "report-intake", uri, token: rider, json: #"{"description": "四袋垃圾"}"#)
            #expect(edit.status == 202, "\(edit.text)")
            try await Self.applied("edited", first, deployment)
            let own = try await deployment.get("report-intake", uri, token: rider).json(Progress.self)
            #expect(own.description == "四袋垃圾")
            try await eventually("the case has the new words") {
                try await deployment.get("portal", "/v1/cases/\(caseId)", token: dispatcher).text.contains("四袋垃圾")
            }

            let correction = try await deployment.post(
                "portal", "/v1/cases/\(caseId)/actions", token: dispatcher,
                json: #"{"action": "reclassify", "category": "E0101", "reason": "是私搭乱建"}"#)
            #expect(correction.status == 200, "\(correction.text)")
            let filed = try await deployment.post(
                "portal", "/v1/cases/\(caseId)/actions", token: dispatcher, json: #"{"action": "file"}"#)
            #expect(filed.status == 200, "\(filed.text)")
            let addition = try await deployment.send(
                "POST", "report-intake", "\(first.follow)/additions", token: nil, json: #"{"text": "又多了一袋"}"#)
            #expect(addition.status == 202, "\(addition.text)")
            try await Self.applied("added", first, deployment)

            let taken = try await deployment.send("DELETE", "report-intake", second.follow, token: nil, json: nil)
            #expect(taken.status == 202, "\(taken.text)")
            try await eventually("the anonymous report's case is over") {
                try await Self.progress(second, deployment).amendments?.first?.status == "applied"
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "30", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
        }
    }

    private static func report(
        _ text: String, _ identity: String, _ metres: Double, _ deployment: Deployment, token: String
    ) async throws -> Receipt {
        let place = try deployment.place(in: "mingdu")
        let answer = try await deployment.post(
            "report-intake", "/v1/reports", token: token,
            json: """
                {"description": "\(text)", "category": "E0102", "identity": "\(identity)", "location":
                 {"latitude": \(place.latitude), "longitude": \(place.longitude + metres / 100_000)}}
                """)
        #expect(answer.status == 201, "\(answer.text)")
        return try answer.json(Receipt.self)
    }

    private static func progress(_ receipt: Receipt, _ deployment: Deployment) async throws -> Progress {
        try await deployment.get("report-intake", receipt.follow).json(Progress.self)
    }

    private static func inCase(_ receipt: Receipt, _ deployment: Deployment) async throws -> Progress {
        try await eventually("the report has a case") {
            let progress = try await progress(receipt, deployment)
            return progress.caseId == nil ? nil : progress
        }
    }

    private static func applied(_ amendment: String, _ receipt: Receipt, _ deployment: Deployment) async throws {
        try await eventually("'\(amendment)' has taken effect") {
            try await progress(receipt, deployment).amendments?
                .contains { $0.amendment == amendment && $0.status == "applied" } == true
        }
    }
}
