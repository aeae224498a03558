import Contracts
import EventProcessing
import Foundation
import Notifications
import NotificationsDomain
import PersonalKeys
import ServiceKit
import TestSupport
import Testing

/// What the server tells of a mail that it kept.
private struct KeptMail: Decodable {
    let from: String
    let to: [String]
    let tls: Bool
    let authenticated: Bool
    let ehlo: String
    let headers: [String: String]
    let raw: String
    let text: String
    let defects: [String]
}

extension PythonServer {
    fileprivate func mails() throws -> [KeptMail] {
        try told().filter { $0.hasPrefix("{") }.map { try JSONDecoder().decode(KeptMail.self, from: Data($0.utf8)) }
    }
}

@Suite("Mail", .enabled(if: PythonScript.hasLibraries("aiosmtpd", "cryptography"), "\(PythonScript.absence)"))
struct EmailSenderTests {
    private static let script = "Tests/NotificationsTests/Outside/smtp_server.py"

    private let keys: Keys
    private let folder: TemporaryFolder

    init() throws {
        keys = try Keys()
        folder = try TemporaryFolder()
    }

    private func running<Result: Sendable>(
        _ mode: String, login: [String] = [], _ body: @Sendable @escaping (PythonServer) async throws -> Result
    ) async throws -> Result {
        try await PythonServer.running(Self.script, [mode, folder.url.path(percentEncoded: false)] + login, body)
    }

    private var authorities: String { folder.url.appending(path: "cert.pem").path(percentEncoded: false) }

    private func sender(
        _ server: PythonServer, _ security: MailServer.Security = .none, login: MailServer.Login? = nil,
        trusting authorities: String? = nil, from: String = "随手拍 <no-reply@city.example>",
        timeout: Duration = .seconds(20)
    ) throws -> EmailSender {
        EmailSender(
            server: MailServer(
                host: "localhost", port: server.port, security: security, login: login, authorities: authorities),
            from: try #require(MailAddress(from)), publicURL: "https://portal.example", key: keys.persons,
            timeout: timeout, now: { moment })
    }

    private func send(
        _ message: OutsideMessage = .sample(.email), to address: String = "rider@home.example", by sender: EmailSender
    ) async -> DeliveryResult {
        await sender.send(message, to: address, id: "0192-aa", attempt: 1)
    }

    @Test func `a mail arrives as it was written, in any language, and says what it is`() async throws {
        let title = String(repeating: "您的报告《名都北门》已办结👷 ", count: 6) + "\r\nBcc: spy@evil.example"
        let body = "第一行\n.\n..点\n" + String(repeating: "长", count: 2_000)
        let scope = UnsubscribeScope(personId: "rider-1", channel: .email, kind: .progress)
        try await running("none") { server in
            let result = await send(
                .sample(.email, title: title, body: body, unsubscribe: scope), by: try sender(server))

            #expect(result == .delivered)
            let mail = try #require(try server.mails().first)
            #expect(mail.from == "no-reply@city.example")
            #expect(mail.to == ["rider@home.example"])
            #expect(mail.ehlo == "city.example")
            #expect(mail.defects.isEmpty)
            #expect(mail.headers["Subject"] == title.replacing("\r\n", with: " "))
            #expect(mail.headers["Bcc"] == nil)
            #expect(mail.headers["From"] == "随手拍 <no-reply@city.example>")
            #expect(mail.headers["To"] == "rider@home.example")
            #expect(mail.headers["Date"] == "Mon, 23 Nov 2026 00:15:00 +0000")
            #expect(mail.headers["Message-ID"] == "<0192-aa@city.example>")
            #expect(mail.headers["References"] == "<case-case-1@city.example>")
            #expect(mail.headers["Auto-Submitted"] == "auto-generated")
            #expect(mail.headers["Content-Type"] == "text/plain; charset=\"utf-8\"")
            #expect(
                mail.raw.split(whereSeparator: \.isNewline)
                    .allSatisfy { $0.utf8.count <= 76 || $0.hasPrefix("List-Unsubscribe: ") })
            let link = try #require(mail.headers["List-Unsubscribe"])
            let token = try #require(link.firstMatch(of: /^<https:\/\/portal\.example\/v1\/unsubscribe\/([\w-]+)>$/)?.1)
            #expect(
                UnsubscribeToken(String(token), by: keys.persons)
                    == UnsubscribeToken(personId: "rider-1", channel: .email, kind: .progress))
            #expect(mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
            #expect(
                mail.text.replacing("\r\n", with: "\n").trimmingCharacters(in: .newlines)
                    == body + "\n\nhttps://portal.example/cases/case-1\n\n--\n退订: \(link.dropFirst().dropLast())")
        }
    }

    @Test func `TLS is demanded, and the login goes through it`() async throws {
        let login = MailServer.Login(user: "suishoupai", password: "p@ss word")
        try await running("starttls", login: [login.user, login.password]) { server in
            let result = await send(by: try sender(server, .startTLS, login: login, trusting: authorities))

            #expect(result == .delivered)
            let mail = try #require(try server.mails().first)
            #expect(mail.tls && mail.authenticated)

            let unknown = MailServer.Login(user: "suishoupai", password: "wrong")
            let refused = await send(by: try sender(server, .startTLS, login: unknown, trusting: authorities))
            #expect(
                refused == .failed(reason: "the mail server said 535 5.7.8 to our login", canRetry: true))
            let untrusted = await send(by: try sender(server, .startTLS, login: login))
            #expect(
                untrusted == .failed(reason: "no TLS that can be trusted with the mail server", canRetry: true))
            #expect(try server.mails().count == 1)
        }
    }

    @Test func `TLS from the first byte works, and a server without any gets nothing`() async throws {
        try await running("tls") { server in
            let result = await send(by: try sender(server, .tls, trusting: authorities))
            #expect(result == .delivered)
        }
        try await running("none") { server in
            let result = await send(by: try sender(server, .startTLS, login: .init(user: "u", password: "p")))
            #expect(result == .failed(reason: "the mail server offers no TLS", canRetry: true))
            #expect(try server.mails().isEmpty)
        }
    }

    @Test func `each refusal means what it says`() async throws {
        let expected: [(String, DeliveryResult)] = [
            ("nobody", .gone(reason: "the mail server said 550 5.1.1 to the recipient")),
            ("bare", .gone(reason: "the mail server said 550 to the recipient")),
            ("full", .failed(reason: "the mail server said 552 5.2.2 to the recipient", canRetry: false)),
            ("unwanted", .failed(reason: "the mail server said 550 5.7.1 to the recipient", canRetry: false)),
            ("later", .failed(reason: "the mail server said 451 4.7.1 to the recipient", canRetry: true)),
            ("spam", .failed(reason: "the mail server said 554 5.7.1 to the mail", canRetry: false)),
            ("crowded", .failed(reason: "the mail server said 452 4.3.1 to the mail", canRetry: true)),
        ]
        try await running("none") { server in
            for (name, result) in expected {
                let found = await send(to: "\(name)@home.example", by: try sender(server))
                #expect(found == result, "\(name)")
            }
            let refused = await send(by: try sender(server, from: "refused@city.example"))
            #expect(
                refused == .failed(reason: "the mail server said 553 5.7.1 to our address", canRetry: false))
        }
    }

    @Test func `a mail that nobody confirmed is not sent twice, one that never went over is`() async throws {
        let notTwice = "the mail server did not confirm: it may have arrived and is not sent twice"
        try await running("none") { server in
            let quick = try sender(server, timeout: .seconds(2))
            for name in ["silent", "lost"] {
                let result = await send(to: "\(name)@home.example", by: quick)
                #expect(result == .unknown(reason: notTwice), "\(name)")
            }
            let stalled = await send(to: "stalled@home.example", by: quick)
            #expect(stalled == .failed(reason: "the mail server did not answer in time", canRetry: true))
            #expect(try server.mails().map(\.to) == [["silent@home.example"], ["lost@home.example"]])
        }
        let nobody = MailServer(host: "127.0.0.1", port: 1, security: .none)
        let result = await send(
            by: EmailSender(
                server: nobody, from: try #require(MailAddress("a@b.example")), publicURL: "", key: keys.persons))
        #expect(result == .failed(reason: "the mail server could not be reached", canRetry: true))
    }

    @Test(arguments: [
        "", "nobody", "a@b@c", "a b@c.example", "a@c.example\r\nRCPT TO:<spy@evil.example>", "<a@c.example>x",
        "a@c.example>", "-oQ@c.example", "a\u{0}@c.example", "a@c.example, b@c.example",
        String(repeating: "a", count: 65) + "@c.example",
    ])
    func `what is no address is not written to`(address: String) async throws {
        try await running("none") { server in
            let result = await send(to: address, by: try sender(server))
            #expect(result == .gone(reason: "this is no address that mail can be written to"))
            #expect(try server.mails().isEmpty)
        }
    }
}
