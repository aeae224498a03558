import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import PersonalKeys
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// Gives what a request asks for, as notifications would, and answers with what the caller is told.
private func settled(
    _ portal: PortalUnderTest, _ state: PersonSettingsState, of request: @escaping @Sendable () async throws -> Answer
) async throws -> (command: SentCommand, answer: Answer) {
    let before = try await portal.commands().count
    async let waiting = request()
    let command = try await eventually("a command was sent") {
        let commands = try await portal.commands()
        return commands.count > before ? commands.last : nil
    }
    try await portal.hear(
        CommandApplied(commandId: command.id, commandType: "of settings"), state, cause: command.id)
    return (command, try await waiting)
}

@Test func `how a person wants to hear is set as a whole, and answered with what is in force`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("rider-1", .rider)
        let before = try await client.ask("/v1/me/settings", token: token).json
        #expect(before == ["contacts": [], "consents": [], "lost": []])
        let wanted: JSONValue = [
            "language": "en", "form": "short", "digest": "weekly", "mealPeaks": false,
            "quietHours": ["from": 1_320, "to": 420],
            "muted": [["kind": "points", "channel": "sms"], ["kind": "points", "channel": "sms"]],
        ]
        let preferences = NotificationPreferences(
            language: .english, form: .short, muted: [MutedKind(kind: .points, channel: .sms)],
            quietHours: QuietHours(from: 1_320, to: 420), mealPeaks: false, digest: .weekly)

        let (command, answer) = try await settled(
            portal, PersonSettingsState(personId: "rider-1", version: 1, preferences: preferences)
        ) { try await client.send("/v1/me/settings", wanted, token: token, key: "k-1", method: .put) }

        let sent = try command.read(SetPreferences.self).data
        #expect(command.topic == TopicCatalogue.notificationCommands.name && command.key == "rider-1")
        #expect(sent.personId == "rider-1" && sent.preferences == preferences && sent.notAfter != nil)
        #expect(answer.status == 200 && answer.json["settings"]?["preferences"]?["language"] == "en")
        let wrong = try await client.send(
            "/v1/me/settings",
            [
                "language": "fr", "quietHours": ["from": 1_440, "to": 0],
                "muted": [["kind": "work", "channel": "inbox"]],
            ],
            token: token, method: .put)
        #expect(Set(wrong.wrongFields) == ["language", "quietHours.from", "muted[0].channel"])
    }
}

private let contacts: [(channel: Channel, body: JSONValue, secret: String)] = [
    (.email, ["address": "rider@example.cn"], "rider@example.cn"),
    (.sms, ["address": "+8613800138000"], "13800138000"),
    (.weChat, ["address": "oABC-def_123456"], "oABC-def_123456"),
    (
        .webPush,
        [
            "endpoint": "https://push.example.com/abc",
            "keys": [
                "p256dh": .string(Base64URL.text([UInt8](repeating: 4, count: 65))),
                "auth": .string(Base64URL.text([UInt8](repeating: 7, count: 16))),
            ],
        ], "push.example.com/abc"
    ),
]

@Test(arguments: contacts.map(\.channel))
func `a contact leaves portal sealed, and its person alone reads it back`(channel: Channel) async throws {
    let contact = try #require(contacts.first { $0.channel == channel })
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("rider-1", .rider)

        async let waiting = client.send(
            "/v1/me/contacts/\(channel.rawValue)", contact.body, token: token, key: "k-1", method: .put)
        let command = try await portal.command()
        let sent = try command.read(SetContact.self).data
        try await portal.hear(
            CommandApplied(commandId: command.id, commandType: SetContact.type),
            PersonSettingsState(
                personId: "rider-1", version: 1,
                contacts: [.init(contactId: sent.contactId, channel: channel, sealed: sent.sealed)]),
            cause: command.id)
        let answer = try await waiting

        #expect(answer.status == 200 && sent.channel == channel)
        if channel != .webPush { #expect(sent.contactId.rawValue == command.id.description) }
        #expect(answer.json["settings"]?["contacts"]?.array?.first?["channel"] == .string(channel.rawValue))
        for text in [String(decoding: command.value, as: UTF8.self), answer.text] {
            #expect(!text.contains(contact.secret))
        }
        let export = try await client.ask("/v1/me/export", token: token).json
        let opened = export["settings"]?.array?.first?["contacts"]?.array?.first?["address"]?.string
        #expect(opened?.contains(contact.secret) == true)
        #expect(try await client.ask("/v1/me/settings", token: token).json["contacts"]?.array?.first?["address"] == nil)
        // The same key again is the same contact; with another address it is refused.
        let again = try await client.send(
            "/v1/me/contacts/\(channel.rawValue)", contact.body, token: token, key: "k-1", method: .put)
        #expect(again.status == 200)
        #expect(try await portal.commands().count == 1)
    }
}

@Test(arguments: [
    ("email", "no-address"), ("email", "a b@example.cn"), ("email", "a@example.cn>\r\nbcc:x"), ("email", "a@b@c.cn"),
    ("email", "a@example"), ("sms", "call me"), ("sms", "+86"), ("wechat", "o p"),
])
func `what is no address of the channel is refused, and goes nowhere`(channel: String, address: String) async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("rider-1", .rider)

        let answer = try await client.send(
            "/v1/me/contacts/\(channel)", ["address": .string(address)], token: token, method: .put)

        #expect(answer.status == 422 && answer.wrongFields == ["address"])
        #expect(try await portal.commands().isEmpty)
    }
}

@Test func `a subscription of a browser is checked, and endpoints are no contacts`() async throws {
    try await PortalUnderTest.run { portal, client in
        let token = try await portal.token("rider-1", .rider)
        let push = try await client.send(
            "/v1/me/contacts/web-push",
            ["endpoint": "http://push.example.com", "keys": ["p256dh": "AAAA", "auth": "AAAA"]], token: token,
            method: .put)

        #expect(Set(push.wrongFields) == ["endpoint", "keys.p256dh", "keys.auth"])
        for channel in ["webhook", "inbox", "dingtalk", "fax"] {
            let answer = try await client.send(
                "/v1/me/contacts/\(channel)", ["address": "x@example.cn"], token: token, method: .put)
            #expect(answer.status == 404, "\(channel)")
        }
        let key = try #require(try await client.ask("/v1/web-push-key").json["publicKey"]?.string)
        #expect(Base64URL.bytes(key)?.count == 65 && Base64URL.bytes(key)?.first == 4)
    }
}

@Test func `a contact is taken away by its person`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(
            PersonSettingsState(
                personId: "rider-1", version: 1,
                contacts: [.init(contactId: "c-1", channel: .sms, sealed: SealedContact(keyId: "k", box: "AAAA"))]))
        let token = try await portal.token("rider-1", .rider)
        let other = try await portal.token("rider-2", .rider)
        #expect(try await client.send("/v1/me/contacts/sms", .null, token: other, method: .delete).status == 404)

        let (command, answer) = try await settled(portal, PersonSettingsState(personId: "rider-1", version: 2)) {
            try await client.send("/v1/me/contacts/sms", .null, token: token, method: .delete)
        }

        #expect(try command.read(RemoveContact.self).data.contactId == "c-1")
        #expect(answer.json["settings"]?["contacts"] == [])
        let export = try await client.ask("/v1/me/export", token: token)
        #expect(export.headers[.contentDisposition]?.contains("attachment") == true)
    }
}

@Test func `a browser is one contact however often it says so, and one of several is named to be taken away`()
    async throws
{
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        let token = try await portal.token("rider-1", .rider)
        let other = try await portal.token("rider-2", .rider)
        func subscribe(_ name: String, _ token: String) async throws {
            let answer = try await client.send(
                "/v1/me/contacts/web-push",
                [
                    "endpoint": .string("https://push.example.com/\(name)"),
                    "keys": [
                        "p256dh":
                            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                    ],
                ], token: token, method: .put)
            #expect(answer.status == 202, "\(answer.text)")
        }
        try await subscribe("a", token)
        try await subscribe("a", token)
        try await subscribe("b", token)
        try await subscribe("a", other)

        let ids = try await portal.commands().map { try $0.read(SetContact.self).data.contactId }
        #expect(ids[0] == ids[1] && Set(ids).count == 3)
        let sealed = SealedContact(keyId: "k", box: "AAAA")
        try await portal.hear(
            PersonSettingsState(
                personId: "rider-1", version: 1,
                contacts: [ids[0], ids[2]].map { .init(contactId: $0, channel: .webPush, sealed: sealed) },
                lost: [.init(channel: .email, reason: .bounced, at: PortalUnderTest.noon)]))
        let settings = try await client.ask("/v1/me/settings", token: token).json
        #expect(settings["lost"]?.array?.first?["reason"] == "bounced")
        #expect(settings["lost"]?.array?.first?["words"]?.string?.contains("被退回") == true)

        let unclear = try await client.send("/v1/me/contacts/web-push", .null, token: token, method: .delete)
        #expect(unclear.status == 422 && unclear.wrongFields == ["contact"])
        let strange = try await client.send(
            "/v1/me/contacts/web-push?contact=\(ids[3])", .null, token: token, method: .delete)
        #expect(strange.status == 404)
        let named = try await client.send(
            "/v1/me/contacts/web-push?contact=\(ids[2])", .null, token: token, method: .delete)
        #expect(named.status == 202)
        #expect(try await portal.commands().last?.read(RemoveContact.self).data.contactId == ids[2])
    }
}

@Test func `a consent counts once for its key, and a confidential name has settings of its own`() async throws {
    try await PortalUnderTest.run { portal, client in
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "rider-1"))
        let token = try await portal.token("rider-1", .rider)
        @Sendable func agree() async throws -> Answer {
            try await client.send(
                "/v1/me/consents?confidential=true", ["template": "tmpl-1"], token: token, key: "k-1")
        }

        let (command, answer) = try await settled(
            portal,
            PersonSettingsState(personId: hidden, version: 1, consents: [.init(template: "tmpl-1", left: 1)])
        ) { try await agree() }

        let sent = try command.read(GiveConsent.self).data
        #expect(sent.personId == hidden && command.key == hidden.rawValue && sent.actor.personId == hidden)
        #expect(!String(decoding: command.value, as: UTF8.self).contains("rider-1"))
        #expect(answer.json["settings"]?["consents"] == [["left": 1, "template": "tmpl-1"]])
        #expect(try await agree().status == 200)
        #expect(try await portal.commands().count == 1)
        #expect(try await client.ask("/v1/me/settings", token: token).json["consents"] == [])
        #expect(
            try await client.send("/v1/me/consents", ["template": "tmpl-1"], token: token).status == 400,
            "a key is needed: one consent, one send")
    }
}

@Test func `a link ends messages without signing in, but not by being looked at`() async throws {
    try await PortalUnderTest.run { portal, client in
        let key = portal.core.contacts.personsKey
        let link = try UnsubscribeToken(personId: "rider-1", channel: .email, kind: .points).text(by: key)

        let page = try await client.ask("/v1/unsubscribe/\(link)")
        #expect(page.status == 200 && page.text.contains("<form method=\"post\">") && page.text.contains("积分"))
        #expect(!page.text.contains("rider-1"))
        #expect(try await portal.commands().isEmpty)
        let (command, done) = try await settled(portal, PersonSettingsState(personId: "rider-1", version: 1)) {
            try await client.send("/v1/unsubscribe/\(link)", "List-Unsubscribe=One-Click", token: nil)
        }

        let sent = try command.read(Unsubscribe.self).data
        #expect(sent.personId == "rider-1" && sent.channel == .email && sent.kind == .points)
        #expect(done.status == 200 && done.text.contains("已退订"))
        #expect(try await client.send("/v1/unsubscribe/\(link)", .null, token: nil).status == 200)
        #expect(try await portal.commands().count == 1)
        for wrong in ["nonsense", String(link.dropLast(2)) + "AA"] {
            #expect(try await client.ask("/v1/unsubscribe/\(wrong)").status == 404)
        }
    }
}

@Test func `who wants to be forgotten is forgotten under each of their names`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        let hidden = PersonID(portal.pseudonyms.confidentialName(of: "rider-1"))
        let token = try await portal.token("rider-1", .rider)

        let answer = try await client.send("/v1/me", .null, token: token, key: "k-1", method: .delete)

        let commands = try await portal.commands()
        #expect(answer.status == 202)
        #expect(Set(try commands.map { try $0.read(ErasePerson.self).data.personId }) == [hidden, "rider-1"])
        #expect(Set(commands.map(\.key)) == [hidden.rawValue, "rider-1"])
        _ = try await client.send("/v1/me", .null, token: token, key: "k-1", method: .delete)
        #expect(try await portal.commands().count == 2)
        #expect(try await client.send("/v1/me", .null, token: nil, method: .delete).status == 401)
    }
}

@Test func `an export has everything under a person's names, and nothing of others`() async throws {
    try await PortalUnderTest.run { portal, client in
        try await portal.hear(
            CaseState.sample(reporters: ["rider-1"]), InboxMessageState.sample("m-1"),
            InboxMessageState.sample("m-2", to: "rider-2"), PointsMoved.sample(.pended, 1, points: 5),
            PointsMoved.sample(.pended, 2, to: "rider-2"))

        let export = try await client.ask("/v1/me/export", token: try await portal.token("rider-1", .rider)).json

        #expect(export["messages"]?.array?.compactMap { $0["messageId"]?.string } == ["m-1"])
        #expect(export["reports"]?.array?.count == 1 && export["points"]?.array?.count == 1)
        #expect(!export.text().contains("rider-2"))
    }
}
