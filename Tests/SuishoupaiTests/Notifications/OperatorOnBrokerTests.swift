import Contracts
import EventProcessing
import Foundation
import Kafka
import TestSupport
import Testing

@testable import Suishoupai

private struct Made: Decodable {
    let endpointId: String
    let secret: String?
    let generation: Int
}

private struct Listed: Decodable {
    let endpointId: String
    let channel: String
    let url: String?
    let events: [String]
    let generation: Int
    let disabledReason: String?
}

private typealias Entry = NotificationsDeliveriesCommand.Entry

/// What an operator does with notifications, beside a running processor.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: Program.isBuilt, "suishoupai is not built"))
struct OperatorOnBrokerTests {
    private static let url = "https://example.org/hook"

    private func deliveries(_ subject: NotificationsUnderTest, _ state: String, _ count: Int) async throws -> [Entry] {
        try await eventually("\(count) deliveries are \(state)") {
            let entries = try await subject.json([Entry].self, "notifications", "deliveries", "--state", state)
            return entries.count == count ? entries : nil
        }
    }

    @Test func `an endpoint is added, shown without its secret, rotated and removed`() async throws {
        try await NotificationsUnderTest().running { subject in
            let made = try await subject.json(
                Made.self, "webhooks", "add", "--url", Self.url, "--events", "case.closed, case.filed")
            #expect(made.secret?.hasPrefix("whsec_") == true && made.generation == 1)
            let listed = try await subject.run("webhooks", "list")
            #expect(
                listed.output == "\(made.endpointId)  webhook  \(Self.url)  case.closed,case.filed  called\n")
            let new = try await subject.json(
                Made.self, "webhooks", "rotate", made.endpointId, "--grace-hours", "0")
            #expect(new.generation == 2 && new.secret != made.secret)

            let removed = try await subject.json([String: String].self, "webhooks", "remove", made.endpointId)
            #expect(removed == ["endpointId": made.endpointId, "done": "endpoint.remove"])
            #expect(try await subject.json([Listed].self, "webhooks", "list").isEmpty)
            for verb in [["rotate"], ["enable"], ["remove"], ["replay", "--since", "2026-11-23T00:00:00Z"]] {
                let answer = try await Program.run(
                    ["webhooks", verb[0], made.endpointId, "--data", subject.broker.data.path] + verb.dropFirst())
                #expect(answer.status == 2, "\(verb): \(answer.output)")
                #expect(answer.output.contains("There is no endpoint '\(made.endpointId)'"), "\(verb)")
            }
        }
    }

    @Test func `a robot's URL is kept sealed, and its secret is not ours to rotate`() async throws {
        try await NotificationsUnderTest().running { subject in
            let made = try await subject.json(
                Made.self, "webhooks", "add", "--channel", "feishu", "--url", "\(Self.url)/token#SECRET")
            #expect(made.secret == nil)
            let listed = try await subject.run("webhooks", "list", "--json")
            #expect(listed.output.contains(#""channel":"feishu""#) && !listed.output.contains("token"))
            let rotated = try await subject.run("webhooks", "rotate", made.endpointId)
            #expect(rotated.status == 2 && rotated.output.contains("its secret is made by its provider"))
        }
    }

    @Test func `what a dead endpoint missed is replayed once it is enabled, and not before`() async throws {
        try await NotificationsUnderTest().running { subject in
            let made = try await subject.json(Made.self, "webhooks", "add", "--url", Self.url)
            let lane = "endpoint|\(made.endpointId)"
            subject.answer(.gone(reason: "answered 410"), in: lane)
            try await subject.tell(.filed, to: Notify.endpoints, as: .endpoint)
            try await eventually("the endpoint is disabled") {
                let listed = try await subject.json([Listed].self, "webhooks", "list")
                return listed.map(\.disabledReason) == ["answered 410"]
            }
            subject.answer(nil, in: lane)
            let gone = try #require(try await deliveries(subject, "gone", 1).first)
            #expect(gone.lane == lane && gone.attempts == 1 && gone.reason == "answered 410")

            let early = try await subject.run("webhooks", "replay", made.endpointId, "--delivery", gone.deliveryId)
            #expect(early.status == 1 && early.output.contains("enable it, then replay"), "\(early.output)")
            let enabled = try await subject.run("webhooks", "enable", made.endpointId)
            #expect(enabled.status == 0 && enabled.output == "✓ \(made.endpointId) is called again\n")
            #expect(try await subject.json([Listed].self, "webhooks", "list").map(\.disabledReason) == [nil])
            let nothing = try await subject.run("webhooks", "replay", made.endpointId, "--delivery", "nothing")
            #expect(nothing.status == 1, "\(nothing.output)")
            let replayed = try await subject.json(
                [String: String].self, "webhooks", "replay", made.endpointId, "--since", "2020-01-01T00:00:00Z")
            #expect(replayed == ["endpointId": made.endpointId, "replayed": "true"])
            #expect(try await deliveries(subject, "delivered", 1).map(\.deliveryId) == [gone.deliveryId])
        }
    }

    @Test func `a person is forgotten, and what waited for them is not sent`() async throws {
        try await NotificationsUnderTest().running { subject in
            try await subject.reach("rider-1")
            subject.answer(.postponed(reason: "too fast", by: .seconds(600)), in: "email")
            try await subject.tell(.closed, to: "rider-1", as: .reporter)
            _ = try await deliveries(subject, "planned", 1)
            let hesitant = try await subject.run("erase", "rider-1")
            #expect(hesitant.status == 2 && hesitant.output.contains("add --yes"))
            #expect(try await deliveries(subject, "planned", 1).count == 1)

            let erased = try await subject.json([String: String].self, "erase", "rider-1", "--yes")
            #expect(erased == ["personId": "rider-1", "erased": "true"])
            // The mail is given up, the key destroyed.
            let failed = try await deliveries(subject, "failed", 1)
            #expect(failed.map(\.lane) == ["email"] && failed.map(\.reason) == [nil])
            #expect(try await deliveries(subject, "delivered", 1).map(\.lane) == ["keys"])
            let again = try await subject.run("erase", "rider-1", "--yes")
            #expect(again.status == 0 && again.output == "✓ rider-1 is forgotten\n")
        }
    }

    @Test func `mail that came back takes the contact off, once, and mail that came back for now does not`()
        async throws
    {
        try await NotificationsUnderTest().running { subject in
            try await subject.reach("rider-1")
            try await subject.tell(.closed, to: "rider-1", as: .reporter)
            let sent = try #require(try await deliveries(subject, "delivered", 1).first)
            func bounce(_ status: String, action: String = "failed", id: String? = nil) async throws -> Program.Answer {
                let file = subject.broker.data.appending(path: "bounce.eml")
                try Data(SampleBounce.postfix(id ?? sent.deliveryId, action: action, status: status).utf8).write(
                    to: file)
                return try await subject.run(
                    "notifications", "bounce", file.path(percentEncoded: false), "--json")
            }

            let delayed = try await bounce("4.4.1", action: "delayed")
            #expect(delayed.output == "{\"deliveryId\":\"\(sent.deliveryId)\",\"status\":\"4.4.1\"}\n")
            let stranger = try await bounce("5.1.1", id: "nobody")
            #expect(stranger.status == 1 && stranger.output.contains("No mail of this deployment has the id nobody@"))
            let soft = try await bounce("4.2.2")
            #expect(soft.status == 0 && soft.output.contains(#""bounce":"for-now""#), "\(soft.output)")
            #expect(try await deliveries(subject, "failed", 1).map(\.reason) == ["the mail came back: 4.2.2"])

            try await subject.tell(.closed, to: "rider-1", as: .reporter)
            let second = try #require(try await deliveries(subject, "delivered", 1).first)
            let hard = try await bounce("5.1.1", id: second.deliveryId)
            #expect(hard.status == 0 && hard.output.contains(#""bounce":"permanent""#), "\(hard.output)")
            #expect(try await bounce("5.1.1", id: second.deliveryId).status == 0)
            #expect(try await deliveries(subject, "gone", 1).map(\.reason) == ["the mail came back: 5.1.1"])
            try await eventually("the settings say why there is no contact") {
                let states = try await subject.broker.records(of: TopicCatalogue.notificationSettings)
                    .compactMap(\.value).map { try Envelope<PersonSettingsState>(value: $0).data }
                return states.last?.contacts.isEmpty == true && states.last?.lost?.map(\.reason) == [.bounced]
            }
        }
    }
}

extension NotificationsUnderTest {
    /// Gives a person a mail address, which nobody here can open.
    fileprivate func reach(_ person: PersonID) async throws {
        try await command(
            SetContact(
                personId: person, contactId: "mail", channel: .email, sealed: SealedContact(keyId: "1", box: "sealed"),
                actor: Actor(personId: person, roles: ["rider"])), key: person.rawValue)
    }
}
