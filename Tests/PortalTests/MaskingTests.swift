import Contracts
import EventProcessing
import Foundation
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

private let phone = "13812345678"
private let hidden = "请联系***********"

@Test(
    arguments: [
        ["action": "file"], ["action": "refuse"], ["action": "dispatch"], ["action": "return"], ["action": "handle"],
        ["action": "verify", "agrees": false], ["action": "reopen"],
        ["action": "transfer", "toCommunityId": "longjiang"],
    ] as [JSONValue])
func `what a reason says of a person is hidden before the command is kept or sent`(body: JSONValue) async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let action = JSONValue.object((body.object ?? [:]).merging(["reason": .string("请联系\(phone)")]) { $1 })

        let answer = try await client.act(action, token: try await portal.token("boss", .admin), key: "k-1")

        #expect(answer.status == 202)
        let command = try await portal.command()
        #expect(try command.read(ActOnCase.self).data.reason == hidden)
        #expect(!String(decoding: command.value, as: UTF8.self).contains(phone))
        let files = try FileManager.default.contentsOfDirectory(
            at: portal.folder.url.appendingPathComponent("portal"), includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files { #expect(try Data(contentsOf: file).firstRange(of: Data(phone.utf8)) == nil) }
    }
}

@Test func `two reasons that look alike once they are masked are two requests all the same`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        try await portal.hear(CaseState.sample())
        let token = try await portal.token("boss", .admin)
        func refuse(_ reason: String) async throws -> Int {
            try await client.act(["action": "refuse", "reason": .string(reason)], token: token, key: "k-1").status
        }

        #expect(try await refuse("请联系13812345678") == 202)
        #expect(try await refuse("请联系13812345678") == 202)
        #expect(try await refuse("请联系13912345678") == 422)
    }
}
