import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import TestSupport
import Testing

@testable import CaseRouting
@testable import Suishoupai

/// The operator's commands beside a running processor, on a broker in this process.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: Program.isBuilt, "suishoupai is not built"))
struct DeadLettersOnBrokerTests {
    /// Runs case-routing while the body runs.
    private func running(_ broker: BrokerUnderTest, _ body: @Sendable @escaping () async throws -> Void) async throws {
        let processor = ProcessorService(
            CaseRoutingProcessor(), configuration: broker.configuration("case-routing"), logger: Logger(label: "test"))
        try await beside(processor, body)
    }

    private func letters(
        _ broker: BrokerUnderTest, _ command: String..., options: String...
    ) async throws -> Program.Answer {
        try await Program.run(["dead-letters"] + command + ["--data", broker.data.path] + options)
    }

    /// Waits for so many letters that nobody has decided upon, and names the last.
    private func unexplained(_ broker: BrokerUnderTest, _ count: Int) async throws -> String {
        let data = DataFolder(broker.data.path)
        let box = try await eventually("\(count) letters are unexplained") {
            let box = try await LetterBox.open(data, shelf: try StoreShelf(data))
            return box.unexplained.count == count ? box : nil
        }
        return try #require(box.unexplained.last).name.description
    }

    private func put(_ value: Data, on topic: Topic, _ broker: BrokerUnderTest) async throws {
        _ = try await KafkaProducer.withProducer(broker.settings) {
            try await $0.send([OutgoingRecord(topic: topic.name, partition: 0, key: nil, value: value)])
        }
    }

    private func count<P: Message>(_ type: P.Type, on topic: Topic, _ broker: BrokerUnderTest) async throws -> Int {
        try await broker.records(of: topic).count { record in
            try MessageAttributes(value: record.value ?? Data()).type == type.type
        }
    }

    @Test func `what failed is sent once more until it is applied, each time as one command, and is never forgotten`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        let (parts, activation) = try PackTransport.messages(for: CitySample.pack())
        try await running(broker) {
            // The pack's parts were damaged on their way: its activation fails.
            for part in parts {
                let damaged = PackPart(
                    packHash: part.packHash, index: part.index, count: part.count,
                    content: part.content.dropLast() + Data("x".utf8))
                try await broker.send(damaged, to: TopicCatalogue.caseCommands, key: "mingdu")
            }
            try await broker.send(activation, to: TopicCatalogue.caseCommands, key: "mingdu")
            let first = try await unexplained(broker, 1)
            let listed = try await letters(broker, "list")
            #expect(listed.status == 1)
            #expect(listed.output.contains("do not have its hash"))
            #expect(try await letters(broker, "show", first).output.contains("\"packHash\""))

            let again = try await letters(broker, "retry", first, options: "--reason", "once more", "--by", "lin")
            #expect(again.status == 1, "\(again.output)")
            let second = try await unexplained(broker, 1)
            #expect(again.output.contains("failed again: it lies as \(second) now"), "\(again.output)")

            for part in parts { try await broker.send(part, to: TopicCatalogue.caseCommands, key: "mingdu") }
            let applied = try await letters(broker, "retry", second)
            #expect(applied.status == 0, "\(applied.output)")
            #expect(applied.output.hasPrefix("✓ \(second) was sent once more as command "))
            let repeated = try await letters(broker, "retry", second)
            #expect(repeated.status == 0)
            #expect(repeated.output.hasPrefix("• \(second) was retried by "))

            #expect(try await count(PackActivated.self, on: TopicCatalogue.caseCommands, broker) == 3)
            #expect(try await count(DeadLetterHandled.self, on: TopicCatalogue.control, broker) == 2)
            #expect(try await letters(broker, "list").output == "✓ no dead letters, 2 dealt with\n")
        }
        // The broker forgets, the folder does not.
        let later = try await broker.restart()
        let all = try await letters(later, "list", options: "--all")
        #expect(all.status == 0, "\(all.output)")
        #expect(all.output.contains("retried by lin at "))
        #expect(all.output.contains(": once more, as command "))
        await later.close()
    }

    @Test func `what is no command is discarded for a reason, once`() async throws {
        let broker = try await BrokerUnderTest()
        try await running(broker) {
            try await put(Data("nonsense".utf8), on: TopicCatalogue.caseCommands, broker)
            let name = try await unexplained(broker, 1)

            let retried = try await letters(broker, "retry", name)
            #expect(retried.status == 1)
            #expect(retried.output.contains("is no command that could be sent once more"))
            #expect(try await letters(broker, "discard", name).status == 2)
            #expect(try await letters(broker, "discard", name, options: "--reason", " ").status == 2)
            let discarded = try await letters(broker, "discard", name, options: "--reason", "sent by hand")
            #expect(discarded.status == 0)
            #expect(discarded.output == "✓ \(name) is discarded: sent by hand\n")
            let repeated = try await letters(broker, "discard", name, options: "--reason", "another")
            #expect(repeated.status == 0)
            #expect(repeated.output.contains("discarded by"))
            #expect(try await count(DeadLetterHandled.self, on: TopicCatalogue.control, broker) == 1)

            // On another host of a cluster the folder does not know it, and the topic does.
            try FileManager.default.removeItem(at: broker.data.appending(path: "dead-letters.json"))
            #expect(try await letters(broker, "list").status == 0)
            #expect(try await letters(broker, "show", "case-routing/0#99").status == 2)
        }
        await broker.close()
    }

    @Test func `what a translator put aside lies on the topic, and can be discarded`() async throws {
        let broker = try await BrokerUnderTest()
        for _ in 1...2 {
            try await put(
                Data("no event".utf8), on: TopicCatalogue.deadLetters(of: "case-routing"), broker)
        }
        let name = try await unexplained(broker, 1)

        #expect(name.hasPrefix("case-routing/translator#"))
        #expect(try await letters(broker, "show", name).output.hasSuffix("no event\n"))
        let retried = try await letters(broker, "retry", name)
        #expect(retried.status == 1)
        #expect(retried.output.contains("is an event that a translator could not read"))
        #expect(try await letters(broker, "discard", name, options: "--reason", "a stranger's").status == 0)
        #expect(try await letters(broker, "list").status == 0)
        await broker.close()
    }

    @Test func `nothing is decided where nothing runs, and by one operator at a time`() async throws {
        let books = try await Books()
        try await books.apply([Data("nonsense".utf8)], to: CaseRoutingProcessor())
        let name = try #require(try LetterContents.listed(StoreShelf(books.data)).first).name.description

        let answer = try await Program.run(
            "dead-letters", "discard", name, "--data", books.data.path, "--reason", "so")
        #expect(answer.status == 2)
        #expect(answer.output.contains("Nothing runs on"))
        let desk = LetterDesk(folder: books.data, logger: Logger(label: "test"))
        try await desk.exclusively {
            await #expect(throws: LetterFault.busy) { try await desk.exclusively {} }
        }
    }
}
