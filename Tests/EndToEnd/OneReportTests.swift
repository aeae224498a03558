import Contracts
import Foundation
import TestSupport
import Testing

/// One report, all the way, with real processes: over HTTP in, a case, its steps, the reporter told, points paid.
@Suite(.serialized, .timeLimit(.minutes(10))) struct OneReportTests {
    private struct Report: Decodable {
        let reportId: String
        let communityId: String
        let status: String
    }

    private struct ReportView: Decodable {
        let status: String
        let caseId: String?
        let caseNumber: String?
    }

    private struct CaseView: Decodable {
        let caseId: String
        let stage: String
        let ownerUnitId: String?
        let handlerId: String?
    }

    private struct Points: Decodable {
        let balance: Int
        let pending: Int
    }

    private struct Pack: Decodable {
        struct Person: Decodable {
            let id: String
            let roles: [String]
            let communityIds: [String]
        }

        let people: [Person]
    }

    @Test func `a rider's report is filed, handled, checked and closed, and the rider hears and is paid`() async throws
    {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let rider = try await deployment.token("rider", "rider-1")
            let accepted = try await Self.submit(deployment, token: rider)
            #expect(accepted.communityId == "mingdu")
            let view = try await Self.registered(accepted.reportId, deployment, token: rider)
            let caseId = try #require(view.caseId)
            #expect(try #require(view.caseNumber).hasPrefix("MD-"))

            try await Self.playStaff(caseId, deployment)

            try await eventually("the points are spendable") {
                try await Self.points(deployment, token: rider).balance == 10
            }
            #expect(try await Self.points(deployment, token: rider).pending == 0)
            for type in ["case.opened", "case.filed", "case.closed", "points.released"] {
                try await eventually("the inbox tells of \(type)") {
                    try await deployment.get("portal", "/v1/me/inbox", token: rider).text.contains(type)
                }
            }
            let timeline = try await deployment.get("portal", "/v1/cases/\(caseId)/timeline", token: rider).text
            #expect(timeline.contains("case.verified"))
            let statement = try await deployment.suishoupai(
                "statement", "rider-1", "--data", deployment.data, "--verify")
            #expect(statement.status == 0 && statement.output.contains("结案"), "\(statement.output)")
            try await Self.follow(try #require(view.caseNumber), deployment)
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "30", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
        }
        // The same folder once more: everything is still there.
        try await deployment.running { deployment in
            let rider = try await deployment.token("rider", "rider-1")
            try await eventually("the points are still there") {
                try await Self.points(deployment, token: rider).balance == 10
            }
        }
    }

    private struct Traced: Decodable {
        let service: String
        let type: String
        let traceParent: String?
        let request: String?
    }

    /// One timeline from the request to the inbox and the points, through every program.
    private static func follow(_ caseNumber: String, _ deployment: Deployment) async throws {
        let trace = try await deployment.suishoupai("trace", caseNumber, "--data", deployment.data, "--json")
        #expect(trace.status == 0, "\(trace.output)")
        let records = try JSONDecoder().decode([Traced].self, from: Data(trace.output.utf8))
        #expect(
            Set(records.map(\.service)).isSuperset(of: [
                "report-intake", "case-routing", "points", "notifications", "portal",
            ]))
        for type in [
            "report.submitted", "case.opened", "case.act", "case.closed", "points.released", "notification.written",
        ] {
            #expect(records.contains { $0.type == type }, "\(type)")
        }
        #expect(records.first { $0.type == "notification.written" }?.traceParent == Self.traceParent)
        #expect(records.first { $0.type == "report.submitted" }?.request == "POST /v1/reports")
        #expect(records.first { $0.type == "case.opened" }?.request == nil)
        let missing = try await deployment.suishoupai("trace", "MD-1", "--data", deployment.data)
        #expect(missing.status == 1 && missing.output.contains("MD-1"))
    }

    private static let traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private static func submit(_ deployment: Deployment, token: String) async throws -> Report {
        let place = try deployment.place(in: "mingdu")
        let answer = try await deployment.post(
            "report-intake", "/v1/reports", token: token,
            json: """
                {"description": "单元门口有一袋生活垃圾没人收", "category": "E0102", "kind": "snapshot",
                 "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}
                """, headers: ["Idempotency-Key": "e2e-1", "traceparent": traceParent])
        #expect(answer.status == 201, "\(answer.text)")
        return try answer.json(Report.self)
    }

    private static func registered(
        _ reportId: String, _ deployment: Deployment, token: String
    ) async throws -> ReportView {
        try await eventually("the report has a case") {
            let view = try await deployment.get("report-intake", "/v1/reports/\(reportId)", token: token)
                .json(ReportView.self)
            return view.caseId == nil ? nil : view
        }
    }

    private static func points(_ deployment: Deployment, token: String) async throws -> Points {
        try await deployment.get("portal", "/v1/me/points", token: token).json(Points.self)
    }

    /// Files, dispatches, handles and checks, each by somebody of the pack who may.
    private static func playStaff(_ caseId: String, _ deployment: Deployment) async throws {
        let pack = try ContractCoding.decode(
            Pack.self, from: Data(contentsOf: URL(filePath: deployment.data).appending(path: "pack.json")))
        func somebody(_ role: String) throws -> String {
            try #require(
                pack.people.first {
                    $0.roles.contains(role) && ($0.communityIds.isEmpty || $0.communityIds.contains("mingdu"))
                }?.id)
        }
        let dispatcher = try await deployment.token("dispatcher", try somebody("dispatcher"))
        let verifier = try await deployment.token("verifier", try somebody("verifier"))
        try await act(caseId, #"{"action": "file"}"#, deployment, token: dispatcher)
        try await act(caseId, #"{"action": "dispatch"}"#, deployment, token: dispatcher)
        let view = try await deployment.get("portal", "/v1/cases/\(caseId)", token: dispatcher).json(CaseView.self)
        let handler = try await deployment.token("worker", try #require(view.handlerId))
        try await act(caseId, #"{"action": "handle", "reason": "已清运"}"#, deployment, token: handler)
        let own = try await deployment.post(
            "portal", "/v1/cases/\(caseId)/actions", token: handler, json: #"{"action": "verify", "agrees": true}"#)
        #expect(own.status == 403 || own.status == 409, "nobody checks their own work: \(own.text)")
        try await act(caseId, #"{"action": "verify", "agrees": true}"#, deployment, token: verifier)
        let closed = try await deployment.get("portal", "/v1/cases/\(caseId)", token: dispatcher).json(CaseView.self)
        #expect(closed.stage == "closed")
    }

    private static func act(
        _ caseId: String, _ json: String, _ deployment: Deployment, token: String
    ) async throws {
        let answer = try await deployment.post("portal", "/v1/cases/\(caseId)/actions", token: token, json: json)
        #expect(answer.status == 200, "\(json): \(answer.text)")
    }
}
