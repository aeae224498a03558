import Contracts
import Foundation
import Kafka
import TestSupport
import Testing

/// The embedded broker keeps 5 MiB of a partition: a service that stands still for long misses some of it.
@Suite(.serialized, .timeLimit(.minutes(8))) struct ForgottenTests {
    @Test func `a service that was stopped while the broker forgot what it missed says so, asks, and has it all`()
        async throws
    {
        let rows = (early: 60, late: 2_600)
        let deployment = try Deployment()
        let early = try ReportRows(rows.early, named: "remembered", in: deployment.folder.url.appending(path: "early"))
        let late = try ReportRows(
            rows.late, named: "forgotten", characters: 3_900, in: deployment.folder.url.appending(path: "late"))
        try await deployment.running { deployment in
            // So that it stands somewhere in every partition.
            #expect(try await deployment.importRows(early).status == 0)
            try await eventually("portal shows the first cases", within: .seconds(60)) {
                try deployment.answeredReportCount() == rows.early
                    && deployment.portalCaseCount() == deployment.caseEvents(CaseOpened.self).count
            }
            let imported = try await deployment.stopping("portal") {
                let imported = try await deployment.importRows(late)
                try await eventually("every report has its case", within: .seconds(240)) {
                    try deployment.answeredReportCount() == rows.early + rows.late
                }
                try await eventually("the broker has forgotten what portal did not read", within: .seconds(60)) {
                    try await Self.oldestOffsets(of: TopicCatalogue.cases, deployment).contains { $0 > 60 }
                }
                return imported
            }
            #expect(imported.status == 0, "\(imported.output.suffix(2_000))")

            let cases = try deployment.caseEvents(CaseOpened.self).count
            try await eventually("portal shows every case", within: .seconds(240)) {
                try deployment.portalCaseCount() == cases
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
            let metrics = try await deployment.get("portal", "/metrics").text
            #expect(metrics.contains(/reader_places_lost(_total)?\{[^}]*\} [1-9]/), "\(metrics.suffix(3_000))")
        }
    }

    private static func oldestOffsets(of topic: Topic, _ deployment: Deployment) async throws -> [Int64] {
        let broker = try #require(try deployment.embeddedBroker())
        return try await KafkaConsumer.withConsumer(broker.settings, group: nil) { consumer in
            var oldest: [Int64] = []
            for partition in 0..<Int32(topic.partitions) {
                let place = TopicPartition(topic: topic.name, partition: partition)
                oldest.append(try await consumer.watermarks(place).low)
            }
            return oldest
        }
    }
}
