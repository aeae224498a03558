import Contracts
import EventProcessing
import Foundation
import Kafka
import PackFolder
import TestSupport
import Testing

/// A command fails in the running system, is mended and sent once more, and the books say so for ever.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DeadLetterTests {
    private struct Letter: Decodable {
        let store: String
        let number: Int
        let reason: String

        var name: String { "\(store)#\(number)" }
    }

    @Test func `a command that failed is retried when its cause is mended, and the audit counts it as explained`()
        async throws
    {
        let deployment = try Deployment()
        let pack = try PackFolder.load(deployment.pack).titled("换了名字")
        let (parts, activation) = try PackTransport.messages(for: pack)
        try await deployment.running { deployment in
            try await Self.send(parts.map(\.damaged), deployment)
            try await Self.send([activation], deployment)
            let letter = try await eventually("the command lies among the dead letters", within: .seconds(60)) {
                try await Self.letters(deployment).first
            }
            #expect(letter.reason.contains("do not have its hash"))
            let broken = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "5")
            #expect(broken.status == 1)
            #expect(
                broken.output.contains(
                    "✗ no dead letter is unexplained (1 checked)\n    \(letter.name): pack.activated"))

            try await Self.send(parts, deployment)
            let retried = try await deployment.suishoupai(
                "dead-letters", "retry", letter.name, "--data", deployment.data, "--reason",
                "the right parts are there now")
            #expect(retried.status == 0, "\(retried.output)")
            #expect(try deployment.answers(to: activation.packHash, by: "case-routing") == [2])
            let twice = try await deployment.suishoupai(
                "dead-letters", "retry", letter.name, "--data", deployment.data)
            #expect(twice.status == 0)
            #expect(try deployment.answers(to: activation.packHash, by: "case-routing") == [2])

            try await deployment.killNine("embedded-broker")
            try await eventually("the broker runs again", within: .seconds(60)) {
                try await deployment.suishoupai("status", "--data", deployment.data).status == 0
            }
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
            #expect(audit.output.contains("✓ no dead letter is unexplained (1 checked)"))
        }
    }

    private static func letters(_ deployment: Deployment) async throws -> [Letter] {
        let answer = try await deployment.suishoupai("dead-letters", "list", "--data", deployment.data, "--json")
        return try JSONDecoder().decode([Letter].self, from: Data(answer.output.utf8))
    }

    /// Sends commands to a partition of case-routing as an outsider would.
    private static func send(_ payloads: [some Payload], _ deployment: Deployment) async throws {
        let settings = KafkaSettings(
            bootstrapServers: try deployment.bootstrapServers(), clientID: "test", embedded: true)
        let records = try payloads.map { payload in
            OutgoingRecord(
                topic: TopicCatalogue.caseCommands.name, partition: 2, key: nil,
                value: try Envelope(payload, id: .random(), source: "/suishoupai", time: .now).value())
        }
        let reports = try await KafkaProducer.withProducer(settings) { try await $0.send(records) }
        #expect(reports.allSatisfy { $0.error == nil })
    }
}

extension PackPart {
    /// The part as something on its way might have left it.
    fileprivate var damaged: PackPart {
        PackPart(packHash: packHash, index: index, count: count, content: content.dropLast() + Data("x".utf8))
    }
}

extension Pack {
    /// The same pack under another title, and so under another hash.
    fileprivate func titled(_ title: String) -> Pack {
        Pack(
            name: name, title: title, version: version, calendar: calendar, communities: communities, units: units,
            people: people, categories: categories, routingRules: routingRules, pointRules: pointRules,
            templates: templates, webhooks: webhooks, mergeDistance: mergeDistance, points: points)
    }
}
