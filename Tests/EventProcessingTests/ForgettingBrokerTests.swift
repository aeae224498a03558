import Contracts
import Foundation
import GRDB
import Kafka
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import EventProcessing

/// The broker keeps only so much: who was away meanwhile misses something, says so and gets it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ForgettingBrokerTests {
    @Test func `a reader that was away while the broker forgot asks for what it missed, also when nothing new is said`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        let reader = try EdgeUnderTest(broker, replica: "reader")
        let working: [any Service] = [edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]
        try await running(working + [reader.projection]) {
            try await edge.submit(1...14)
            try await eventually("the reader has read") { try await reader.answers() == 14 }
        }
        try await running(working) {
            try await edge.submit(15...28)
            try await eventually("the others are answered") { try await edge.unanswered() == 0 }
        }
        try await broker.overflow(TopicCatalogue.caseEvents)

        try await running([reader.projection, processor(broker)]) {
            try await eventually("the reader has every event", within: .seconds(60)) {
                try await reader.answers() == 28
            }
        }
        await broker.close()
    }

    @Test func `commands that were forgotten before their processor came are translated again`() async throws {
        let broker = try await BrokerUnderTest()
        let edge = try EdgeUnderTest(broker)
        try await running([edge.relay, edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await edge.submit(1...14)
            try await eventually("the first are answered") { try await edge.unanswered() == 0 }
        }
        try await running([edge.relay, EdgeUnderTest.translator(broker)]) {
            try await edge.submit(15...28)
            try await eventually("the others are commands") {
                try await broker.records(of: TopicCatalogue.caseCommands).count == 28
            }
        }
        try await broker.overflow(TopicCatalogue.caseCommands)

        // Without its relay: the edge sends nothing again by itself.
        try await running([edge.projection, EdgeUnderTest.translator(broker), processor(broker)]) {
            try await eventually("all are answered", within: .seconds(60)) { try await edge.unanswered() == 0 }
        }
        #expect(try await edge.answers() == 28)
        await broker.close()
    }

    private func processor(_ broker: BrokerUnderTest) -> ProcessorService {
        ProcessorService(
            TallyProcessor(), configuration: broker.configuration("case-routing"), logger: Logger(label: "test"))
    }
}
