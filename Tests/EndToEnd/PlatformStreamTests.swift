import Contracts
import Foundation
import Kafka
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// A platform writes reports to Kafka itself, with a key that the operator gave it.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PlatformStreamTests {
    private struct Made: Decodable {
        let key: String
        let keyId: String
    }

    @Test func `5 kills of intake leave every record answered and every report in one case`() async throws {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let made = try await Self.key(of: "meituan", deployment)
            let place = try deployment.place(in: "mingdu")
            let count = 300
            for number in 0..<6 {
                let part = (number * 50..<number * 50 + 50).map { Self.record($0, at: place, of: made) }
                try await Self.write(part, to: deployment)
                guard number < 5 else { continue }
                // A different moment of the work each time, whatever the machine's speed.
                try await eventually("\(number * 40) reports are accepted", within: .seconds(120)) {
                    try deployment.acceptedCount() >= number * 40
                }
                try await deployment.killNine("report-intake")
            }
            let receipts = try await eventually("every record is answered", within: .seconds(120)) {
                let receipts = try await Self.receipts(on: deployment)
                return Set(receipts.compactMap(\.externalId)).count == count ? receipts : nil
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "180", "--replay")
            #expect(audit.status == 0, "\(audit.output)")

            let wrong = Set(receipts.filter { $0.status == .rejected }.compactMap(\.externalId))
            #expect(wrong == Set((0..<count).filter { $0 % 10 == 7 }.map { "order-\($0)" }))
            let told = Set(receipts.compactMap(\.reportId))
            #expect(told.count == count * 9 / 10)
            #expect(try deployment.acceptedCount() == told.count)
            let inCases =
                try deployment.caseEvents(CaseOpened.self).map(\.reportId)
                + deployment.caseEvents(ReportJoined.self).map(\.reportId)
            #expect(inCases.count == told.count)
            #expect(Set(inCases) == told)
            // One record's receipts have one id, so that its platform keeps one of them.
            #expect(Set(receipts.map { "\($0.partition)/\($0.offset)" }).count == count)
            print("platform: \(receipts.count) receipts of \(count) records over 5 kills")
        }
        #expect(!deployment.logs().contains("platform-signature"))
    }

    @Test(.enabled(if: areInstalled("kcat", "jq", "openssl"), "needs kcat, jq and openssl"))
    func `the example of the manual works as it stands there`() async throws {
        let manual = try String(contentsOf: Deployment.root.appending(path: "docs/intake.md"), encoding: .utf8)
        let section = try #require(manual.components(separatedBy: "\n## ").first { $0.hasPrefix("Directly on Kafka") })
        let script = try #require(section.components(separatedBy: "```").dropFirst().first { $0.hasPrefix("sh\n") })
        let deployment = try Deployment()
        try await deployment.running { deployment in
            var environment = deployment.environment
            let programs = Deployment.programs.path(percentEncoded: false)
            environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
            let result = try await Subprocess.run(
                .path("/bin/bash"), arguments: ["-euo", "pipefail", "-c", String(script.dropFirst(3))],
                environment: .exactly(environment),
                workingDirectory: FilePath(deployment.folder.url.path(percentEncoded: false)),
                output: .string(limit: 1 << 20), error: .combinedWithOutput)
            let output = result.standardOutput
            #expect(result.terminationStatus == .exited(0), "\(output)")
            let receipt = try JSONDecoder().decode(
                PlatformReceipt.self, from: Data((output.split(separator: "\n").last ?? "").utf8))
            #expect(receipt.status == .accepted && receipt.externalId == "order-4711", "\(output)")
        }
    }

    // MARK: - The platform

    private static func key(of platform: String, _ deployment: Deployment) async throws -> Made {
        let answer = try await deployment.suishoupai(
            "keys", "create", "--data", deployment.data, "--platform", platform, "--json")
        return try JSONDecoder().decode(Made.self, from: Data(answer.output.utf8))
    }

    /// Every tenth record says nothing that could be a report.
    private static func record(_ number: Int, at place: Location, of made: Made) -> OutgoingRecord {
        let description = number % 10 == 7 ? "" : "井盖破损，第 \(number) 处"
        let value = Data(
            """
            {"specversion": "1.0", "type": "platform-report.sent", "source": "/platforms/meituan",
             "id": "order-\(number)", "data": {"description": "\(description)", "category": "P0101",
             "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}}
            """.utf8)
        let signature = PlatformSignature(of: value, keyId: made.keyId, secret: PlatformKey.hash(of: made.key))
        let topic = TopicCatalogue.platformReports
        return OutgoingRecord(
            topic: topic.name, partition: topic.partition(forKey: "order-\(number)"), key: nil, value: value,
            headers: [RecordHeader(name: HeaderName.platformSignature, text: signature.description)])
    }

    private static func settings(_ deployment: Deployment) throws -> KafkaSettings {
        KafkaSettings(bootstrapServers: try deployment.bootstrapServers(), clientID: "meituan", embedded: true)
    }

    private static func write(_ records: [OutgoingRecord], to deployment: Deployment) async throws {
        try await KafkaProducer.withProducer(try settings(deployment)) { producer in
            for report in try await producer.send(records) { #expect(report.error == nil) }
        }
    }

    private static func receipts(on deployment: Deployment) async throws -> [PlatformReceipt] {
        let topic = TopicCatalogue.platformReceipts
        let partitions = (0..<topic.partitions).map { TopicPartition(topic: topic.name, partition: Int32($0)) }
        return try await KafkaConsumer.withConsumer(try settings(deployment), group: nil) { consumer in
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .beginning) })
            var unread = Set(partitions)
            var receipts: [PlatformReceipt] = []
            while !unread.isEmpty {
                let batch = try await consumer.next(limit: 1_000, timeout: .seconds(1))
                receipts += try batch.records.compactMap(\.value).map {
                    try Envelope<PlatformReceipt>(value: $0).data
                }
                unread.subtract(batch.endOfPartition)
            }
            return receipts
        }
    }
}

func areInstalled(_ programs: String...) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return programs.allSatisfy { program in
        folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}
