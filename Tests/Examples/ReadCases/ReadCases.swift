import Contracts
import Foundation
import Kafka

/// Prints every case that everybody may know, as it newest stands.
@main struct ReadCases {
    static func main() async throws {
        let settings = try KafkaSettings.fromEnvironment(ProcessInfo.processInfo.environment, clientID: "read-cases")
        let topic = TopicCatalogue.openCases
        try await KafkaConsumer.withConsumer(settings, group: nil) { consumer in
            let partitions = (0..<Int32(topic.partitions)).map { TopicPartition(topic: topic.name, partition: $0) }
            try await consumer.assign(partitions.map { PartitionPosition(partition: $0, offset: .beginning) })
            var unread = Set(partitions)
            var newest: [CaseID: OpenCaseState] = [:]
            while !unread.isEmpty {
                let batch = try await consumer.next(limit: 500, timeout: .seconds(1))
                for value in batch.records.compactMap(\.value) {
                    let state = try Envelope<OpenCaseState>(value: value).data
                    if state.version > newest[state.caseId]?.version ?? 0 { newest[state.caseId] = state }
                }
                unread.subtract(batch.endOfPartition)
            }
            for state in newest.values.sorted(by: { $0.caseNumber < $1.caseNumber }) {
                print(state.caseNumber, state.stage.chinese, state.description ?? "–")
            }
        }
    }
}
