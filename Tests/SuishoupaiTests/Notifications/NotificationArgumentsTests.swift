import ArgumentParser
import Contracts
import Foundation
import TestSupport
import Testing

@testable import Suishoupai

/// What the operator's commands about notifications take, before they do anything.
@Suite struct NotificationArgumentsTests {
    private static let add = ["webhooks", "add", "--data", "d", "--url"]
    private static let replay = ["webhooks", "replay", "ep-1", "--data", "d"]

    private static let senseless: [([String], String)] = [
        (add + ["example.org/hook"], "--url must be a whole URL such as https://example.cn/hook."),
        (add + ["ftp://example.org/hook"], "--url must be a whole URL such as https://example.cn/hook."),
        (add + ["https://a.cn", "--channel", "email"], "--channel must be one of webhook, dingtalk, wecom, feishu."),
        (
            add + ["https://a.cn", "--events", "case.closed,case.lost"],
            "--events: nobody is told of case.lost. Known are case.opened, "
        ),
        (["webhooks", "add", "--data", "d"], "Missing expected argument '--url <url>'"),
        (["webhooks", "add", "--url", "https://a.cn"], "Missing expected argument '--data <data>'"),
        (["webhooks", "rotate", "--data", "d"], "Missing expected argument '<endpoint-id>'"),
        (
            ["webhooks", "rotate", "ep-1", "--data", "d", "--grace-hours", "8761"],
            "--grace-hours must be a whole number from 0 to 8760."
        ),
        (replay, "Say what to send: --since MOMENT, or --delivery ID, one of them."),
        (
            replay + ["--since", "2026-11-23T00:00:00Z", "--delivery", "x"],
            "Say what to send: --since MOMENT, or --delivery ID, one of them."
        ),
        (replay + ["--since", "yesterday"], "--since must be a moment such as 2026-11-23T00:00:00Z."),
        (replay + ["--delivery", "x", "--until", "2026-11-23T00:00:00Z"], "--until goes with --since."),
        (["webhooks", "enable", "--data", "d"], "Missing expected argument '<endpoint-id>'"),
        (["webhooks", "remove", "--data", "d"], "Missing expected argument '<endpoint-id>'"),
        (
            ["notifications", "deliveries", "--data", "d", "--state", "lost"],
            "--state must be one of planned, started, delivered, failed, gone, unknown."
        ),
        (["notifications", "deliveries", "--data", "d", "--limit", "0"], "--limit must be from 1 to 10000."),
        (["notifications", "bounce", "--data", "d"], "Missing expected argument '<file>'"),
        (["notifications", "preview", "--event", "case.closed"], "Missing expected argument '--pack <dir>'"),
        (["erase", "rider-1", "--data", "d"], "This cannot be undone: add --yes to do it."),
        (["erase", "", "--data", "d", "--yes"], "Name the person."),
    ]

    @Test(arguments: senseless)
    func `what makes no sense is refused in a sentence`(_ arguments: [String], _ sentence: String) {
        let error = #expect(throws: (any Error).self) { try SuishoupaiCommand.parseAsRoot(arguments) }

        #expect(
            error.map { SuishoupaiCommand.message(for: $0) }?.contains(sentence) == true, "\(String(describing: error))"
        )
    }

    private static let commands = [
        ["webhooks", "add", "--url", "https://example.org/hook"], ["webhooks", "list"], ["webhooks", "rotate", "ep-1"],
        ["webhooks", "replay", "ep-1", "--delivery", "d"], ["webhooks", "enable", "ep-1"],
        ["webhooks", "remove", "ep-1"], ["notifications", "deliveries"], ["erase", "rider-1", "--yes"],
        ["notifications", "bounce", "/dev/null"],
    ]

    @Test(.enabled(if: Program.isBuilt, "the program is not built"), arguments: commands)
    func `a folder that is not there is named`(_ command: [String]) async throws {
        let answer = try await Program.run(command + ["--data", "/no/such/folder"])

        #expect(
            answer.status == 2 && answer.output.contains("There is no folder '/no/such/folder/'"), "\(answer.output)")
    }

    @Test(.enabled(if: Program.isBuilt, "the program is not built"), arguments: [0, 7])
    func `where nothing runs, nothing is changed`(_ index: Int) async throws {
        let folder = try TemporaryFolder()
        let answer = try await Program.run(Self.commands[index] + ["--data", folder.url.path(percentEncoded: false)])

        #expect(answer.status == 2 && answer.output.contains("Nothing runs on '"), "\(answer.output)")
    }

    @Test(.enabled(if: Program.isBuilt, "the program is not built"))
    func `a mail that is no notification is refused, also from the standard input`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.url.path(percentEncoded: false)
        let file = folder.url.appending(path: "mail.eml")
        try Data("Subject: hello\r\n\r\nI am on holiday.\r\n".utf8).write(to: file)
        for name in [file.path(percentEncoded: false), "-"] {
            let answer = try await Program.run("notifications", "bounce", name, "--data", data)
            #expect(answer.status == 1, "\(answer.output)")
            #expect(answer.output.hasPrefix("✗ This is no delivery status notification"), "\(answer.output)")
        }
        let missing = try await Program.run("notifications", "bounce", "\(data)/nothing", "--data", data)
        #expect(missing.status == 2 && missing.output.contains("There is no file"), "\(missing.output)")
    }

    // MARK: - Looking at texts

    private static let pack = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "deploy/packs/nanchang")
        .path(percentEncoded: false)

    private struct Preview: Decodable {
        let title: String
        let body: String
        let language: String
        let channels: [String]
    }

    @Test(.enabled(if: Program.isBuilt, "the program is not built"))
    func `a text is shown as its reader gets it, or it is said that there is none`() async throws {
        func preview(_ arguments: String...) async throws -> Program.Answer {
            try await Program.run(["notifications", "preview", "--pack", Self.pack] + arguments)
        }
        let english = try await preview("--event", "case.closed", "--language", "en", "--short", "--json")
        let text = try JSONDecoder().decode(Preview.self, from: Data(english.output.utf8))
        #expect(english.status == 0 && text.language == "en" && !text.title.isEmpty && !text.body.contains("{"))
        let shared = try await preview("--event", "points.shared", "--json")
        #expect(shared.status == 0, "\(shared.output)")
        let digest = try await preview("--event", "digest")
        #expect(digest.status == 0 && digest.output.contains("(progress by inbox, email, web-push)"))

        let silent = try await preview("--event", "case.closed", "--role", "station")
        #expect(silent.status == 1 && silent.output.contains("The pack says nothing of case.closed to a station"))
        for (arguments, words) in [
            (["--event", "case.lost"], "--event 'case.lost' is none that people are told of"),
            (["--event", "case.closed", "--role", "unit"], "--role is reporter, "),
            (["--event", "case.closed", "--language", "fr"], "--language is zh or en."),
        ] {
            let answer = try await Program.run(["notifications", "preview", "--pack", Self.pack] + arguments)
            #expect(answer.status == 2 && answer.output.contains(words), "\(answer.output)")
        }
        let nowhere = try await Program.run("notifications", "preview", "--pack", "/no/pack", "--event", "digest")
        #expect(nowhere.status == 2 && nowhere.output.contains("/no/pack is not a folder."), "\(nowhere.output)")
    }
}
