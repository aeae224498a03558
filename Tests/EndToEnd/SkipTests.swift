import Contracts
import EventProcessing
import Foundation
import Kafka
import TestSupport
import Testing

/// An operator takes a record out of the way at which a partition stands still, while everything runs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SkipTests {
    private struct Report: Decodable {
        let reportId: String
        let caseId: String?
    }

    private static let topic = TopicCatalogue.caseCommands
    private static let partition = topic.partition(forKey: "mingdu")

    @Test func `a record stamped a year ahead is skipped, and the reports behind it open their cases`() async throws {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let offset = try await Self.sendFromTheFuture(deployment)
            try await eventually("case-routing says what it waits for", within: .seconds(60)) {
                try await deployment.get("case-routing", "/health/ready").text
                    .contains("record \(offset) of partition \(Self.partition) is stamped")
            }
            let rider = try await deployment.token("rider", "rider-1")
            let report = try await Self.submit(deployment, token: rider)

            let wrong = try await Self.skip(deployment, offset: offset + 100)
            #expect(wrong.status == 1)
            #expect(wrong.output.contains("there is no record \(offset + 100)"), "\(wrong.output)")
            let skipped = try await Self.skip(deployment, offset: offset)
            #expect(skipped.status == 0, "\(skipped.output)")
            #expect(
                skipped.output.contains(#""offset":\#(offset),"partition":\#(Self.partition)"#), "\(skipped.output)")

            try await eventually("the report behind it has a case", within: .seconds(60)) {
                try await deployment.get("report-intake", "/v1/reports/\(report)", token: rider).json(Report.self)
                    .caseId
                    != nil
            }
            let letters = try await deployment.suishoupai("dead-letters", "list", "--data", deployment.data, "--all")
            #expect(letters.output.contains("an operator skipped it"), "\(letters.output)")
            #expect(letters.output.contains("skipped by an operator at "), "\(letters.output)")
            #expect(
                letters.output.contains("stamped a year ahead\n✓ no dead letters, 1 dealt with"), "\(letters.output)")

            // The folder knows it also when the broker has forgotten.
            try await deployment.killNine("embedded-broker")
            try await eventually("the broker runs again", within: .seconds(60)) {
                try await deployment.suishoupai("status", "--data", deployment.data).status == 0
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
            #expect(audit.output.contains("✓ case-routing is what its log makes of it"), "\(audit.output)")
        }
    }

    private static func skip(_ deployment: Deployment, offset: Int64) async throws -> Deployment.Answer {
        try await deployment.suishoupai(
            "skip", "--data", deployment.data, "--topic", topic.name, "--partition", "\(partition)", "--offset",
            "\(offset)", "--reason", "stamped a year ahead", "--json")
    }

    private static func sendFromTheFuture(_ deployment: Deployment) async throws -> Int64 {
        let envelope = Envelope(LogIdentity(id: "early", first: false), id: .random(), source: "/test", time: .now)
        let record = OutgoingRecord(
            topic: topic.name, partition: partition, key: Data("mingdu".utf8), value: try envelope.value(),
            timestamp: Timestamp.now.milliseconds + 365 * 86_400_000)
        let settings = KafkaSettings(bootstrapServers: try deployment.bootstrapServers(), clientID: "test")
        let answers = try await KafkaProducer.withProducer(settings) { try await $0.send([record]) }
        guard case .delivered(let offset) = try #require(answers.first) else {
            Issue.record("the record did not arrive")
            return 0
        }
        return try #require(offset)
    }

    private static func submit(_ deployment: Deployment, token: String) async throws -> String {
        let place = try deployment.place(in: "mingdu")
        let answer = try await deployment.post(
            "report-intake", "/v1/reports", token: token,
            json: """
                {"description": "井盖破损", "kind": "snapshot",
                 "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}
                """)
        #expect(answer.status == 201, "\(answer.text)")
        return try answer.json(Report.self).reportId
    }
}
