import Contracts
import EventProcessing
import Foundation
import HTTPTypes
import Notifications
import NotificationsDomain
import ServiceKit
import TestSupport
import Testing

/// Reasons travel on topics and stand in logs.
@Suite("What a reason tells")
struct ReasonTests {
    private static let secrets = [
        "secret-token", "13812345678", "rider@home.example", "gateway-key", "openid-secret", "words of the receiver",
        "127.0.0.1", "localhost", "secret.invalid",
    ]

    private let keys: Keys

    init() throws {
        keys = try Keys()
    }

    /// Each channel with an address that is a secret, at a host.
    private func sendings(host: String) throws -> [(sender: any ChannelSender, address: String)] {
        let caller = HTTPCaller.here(timeout: .seconds(1))
        let push =
            #"{"endpoint":"\#(host)/secret-token","keys":{"p256dh":""#
            + "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            + #"","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}"#
        return [
            (WebhookSender(key: keys.webhook, caller: caller), "\(host)/secret-token"),
            (DingTalkSender(publicURL: "", caller: caller), "\(host)/send?access_token=secret-token#secret-token"),
            (WeComSender(publicURL: "", caller: caller), "\(host)/send?key=secret-token"),
            (FeishuSender(publicURL: "", caller: caller), "\(host)/hook/secret-token#secret-token"),
            (
                WebPushSender(
                    key: try VAPIDKey(keys.vapid), subject: "mailto:rider@home.example", publicURL: "", caller: caller),
                push
            ),
            (
                WeChatSender(app: .init(id: "app", secret: "secret-token", api: host), caller: caller),
                "openid-secret"
            ),
            (SMSSender(url: "\(host)/sms", key: "gateway-key", caller: caller), "13812345678"),
        ]
    }

    private func check(host: String) async throws {
        for (sender, address) in try sendings(host: host) {
            let result = await sender.send(.sample(sender.channel), to: address, id: "d", attempt: 1)
            #expect(result != .delivered, "\(sender.channel)")
            #expect(!result.reason.isEmpty, "\(sender.channel)")
            for secret in Self.secrets { #expect(!result.reason.contains(secret), "\(sender.channel): \(result)") }
        }
    }

    @Test(arguments: ["http://127.0.0.1:1", "https://secret.invalid", "https://10.1.2.3", "ftp://secret.invalid"])
    func `nothing of an address, where nobody is reached`(host: String) async throws {
        try await check(host: host)
    }

    @Test(arguments: [HTTPResponse.Status.badRequest, .internalServerError, .gone, .found, .tooManyRequests])
    func `nothing that a receiver says, nor what was said to it`(status: HTTPResponse.Status) async throws {
        let answer = Receiver.Answer(
            status: status, headers: [.location: "https://secret.invalid/secret-token"],
            body: #"{"errcode":40035,"code":9499,"errmsg":"words of the receiver secret-token"}"#)
        try await Receiver.withReceiver(answering: Array(repeating: answer, count: 20)) { _, port in
            try await check(host: "http://127.0.0.1:\(port)")
        }
    }

    @Test(.enabled(if: PythonScript.hasLibraries("aiosmtpd", "cryptography"), "\(PythonScript.absence)"))
    func `nothing of a mail's address or login`() async throws {
        let folder = try TemporaryFolder()
        let arguments = ["starttls", folder.url.path(percentEncoded: false), "user-secret", "password-secret"]
        try await PythonServer.running("Tests/NotificationsTests/Outside/smtp_server.py", arguments) { server in
            let authorities = folder.url.appending(path: "cert.pem").path(percentEncoded: false)
            for (password, name) in [("wrong-secret", "rider"), ("password-secret", "nobody")] {
                let sender = EmailSender(
                    server: MailServer(
                        host: "localhost", port: server.port, security: .startTLS,
                        login: .init(user: "user-secret", password: password), authorities: authorities),
                    from: try #require(MailAddress("from-secret@city.example")), publicURL: "", key: keys.persons)
                let result = await sender.send(
                    .sample(.email), to: "\(name)-secret@home.example", id: "d", attempt: 1)
                if password == "wrong-secret" { #expect(result != .delivered) }
                for word in ["secret", "home.example", name] { #expect(!result.reason.contains(word), "\(result)") }
            }
        }
    }
}
