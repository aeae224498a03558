import Foundation

/// What the channels are told by the environment; one without its settings is not set up.
///
/// Each secret may stand in a file instead, named by the same variable with `_FILE` behind it.
/// - `NOTIFY_PUBLIC_URL`: where the portal is reached from outside; links in messages lead there.
/// - `NOTIFY_SMTP_URL`: `smtps://host:465`, `smtp://host:587` (TLS is demanded there, too), or a server on this machine
///   without TLS: `smtp://127.0.0.1:25?tls=none`.
/// - `NOTIFY_SMTP_USER`, `NOTIFY_SMTP_PASSWORD` (none); `NOTIFY_SMTP_FROM`: `名 <no-reply@example.org>`;
///   `NOTIFY_SMTP_CA` (the system's): a file of certificates to trust; `NOTIFY_SMTP_PER_MINUTE` (300).
/// - `NOTIFY_VAPID_SUBJECT`: whom push services may write to: `mailto:…` or `https://…`.
/// - `NOTIFY_WECHAT_APPID`, `NOTIFY_WECHAT_SECRET`, `NOTIFY_WECHAT_API` (`https://api.weixin.qq.com`).
/// - `NOTIFY_SMS_URL`, `NOTIFY_SMS_KEY`, `NOTIFY_SMS_PER_MINUTE` (300).
/// - `WEBHOOK_ALLOW_PRIVATE`: see ``PrivateAddresses``.
package struct ChannelSettings: Sendable {
    package struct Mail: Sendable, Equatable {
        package let server: MailServer
        package let from: MailAddress
        package let perMinute: Int
    }

    package struct SMS: Sendable, Equatable {
        package let url: String
        package let key: String
        package let perMinute: Int

        package init(url: String, key: String, perMinute: Int) {
            self.url = url
            self.key = key
            self.perMinute = perMinute
        }
    }

    /// Without a slash at its end; empty where it was not said.
    package let publicURL: String
    package let allows: PrivateAddresses
    package let mail: Mail?
    package let vapidSubject: String?
    package let weChat: WeChatSender.App?
    package let sms: SMS?

    /// - Throws: ``ChannelSettingError``, a sentence that names the variable and never its value.
    package init(environment: [String: String]) throws {
        let reader = EnvironmentReader(environment)
        allows = try PrivateAddresses(environment: environment)
        publicURL = try reader.url("NOTIFY_PUBLIC_URL") ?? ""
        mail = try Self.mail(reader)
        vapidSubject = try reader.text("NOTIFY_VAPID_SUBJECT")
        if let vapidSubject, !vapidSubject.hasPrefix("mailto:"), !vapidSubject.hasPrefix("https://") {
            throw ChannelSettingError("NOTIFY_VAPID_SUBJECT", mustBe: "mailto: and an address, or an https:// URL")
        }
        weChat = try Self.weChat(reader)
        sms = try Self.sms(reader)
    }

    private static func mail(_ reader: EnvironmentReader) throws -> Mail? {
        guard let text = try reader.text("NOTIFY_SMTP_URL") else { return nil }
        guard let url = URLComponents(string: text), !name(of: url).isEmpty, url.user == nil,
            let security = security(of: url)
        else {
            throw ChannelSettingError(
                "NOTIFY_SMTP_URL",
                mustBe: "smtps://host:465 or smtp://host:587 without a user (on this machine also with ?tls=none)")
        }
        guard let from = try MailAddress(reader.required("NOTIFY_SMTP_FROM", with: "NOTIFY_SMTP_URL")) else {
            throw ChannelSettingError("NOTIFY_SMTP_FROM", mustBe: "an address, such as 随手拍 <no-reply@example.org>")
        }
        let login = try reader.text("NOTIFY_SMTP_USER").map { user in
            MailServer.Login(
                user: user, password: try reader.required("NOTIFY_SMTP_PASSWORD", with: "NOTIFY_SMTP_USER"))
        }
        return Mail(
            server: MailServer(
                host: name(of: url), port: url.port ?? (security == .tls ? 465 : 587), security: security, login: login,
                authorities: try reader.text("NOTIFY_SMTP_CA")),
            from: from, perMinute: try reader.count("NOTIFY_SMTP_PER_MINUTE") ?? 300)
    }

    /// The host, an address of IPv6 without its brackets.
    private static func name(of url: URLComponents) -> String {
        let host = url.host ?? ""
        return host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    /// Nil for what may not be: passwords and people's addresses go over no network in the clear.
    private static func security(of url: URLComponents) -> MailServer.Security? {
        let isPlain = url.queryItems?.contains { $0.name == "tls" && $0.value == "none" } ?? false
        switch url.scheme {
        case "smtps": return isPlain ? nil : .tls
        case "smtp" where !isPlain: return .startTLS
        case "smtp":
            let isHere = url.host == "localhost" || NetworkAddress(name(of: url))?.reach == .thisMachine
            return isHere ? MailServer.Security.none : nil
        default: return nil
        }
    }

    private static func weChat(_ reader: EnvironmentReader) throws -> WeChatSender.App? {
        guard let id = try reader.text("NOTIFY_WECHAT_APPID") else { return nil }
        return WeChatSender.App(
            id: id, secret: try reader.required("NOTIFY_WECHAT_SECRET", with: "NOTIFY_WECHAT_APPID"),
            api: try reader.url("NOTIFY_WECHAT_API") ?? "https://api.weixin.qq.com")
    }

    private static func sms(_ reader: EnvironmentReader) throws -> SMS? {
        guard let url = try reader.url("NOTIFY_SMS_URL") else { return nil }
        return SMS(
            url: url, key: try reader.required("NOTIFY_SMS_KEY", with: "NOTIFY_SMS_URL"),
            perMinute: try reader.count("NOTIFY_SMS_PER_MINUTE") ?? 300)
    }
}

/// A variable that is missing or cannot be used; its value is never said.
package struct ChannelSettingError: Error, Equatable, CustomStringConvertible {
    package let variable: String
    package let mustBe: String

    package init(_ variable: String, mustBe: String) {
        self.variable = variable
        self.mustBe = mustBe
    }

    package var description: String { "The environment variable \(variable) must be \(mustBe)." }
}

/// Reads variables, or the files that they name.
struct EnvironmentReader {
    private let environment: [String: String]

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    /// Nil where neither the variable nor its file is given; empty counts as not given.
    func text(_ name: String) throws -> String? {
        if let text = environment[name], !text.isEmpty { return text }
        guard let file = environment["\(name)_FILE"], !file.isEmpty else { return nil }
        do {
            let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard !text.isEmpty else { throw ChannelSettingError("\(name)_FILE", mustBe: "a file that is not empty") }
            return text
        } catch is CocoaError {
            throw ChannelSettingError("\(name)_FILE", mustBe: "a file that can be read")
        }
    }

    func required(_ name: String, with other: String) throws -> String {
        guard let text = try text(name) else {
            throw ChannelSettingError(name, mustBe: "given where \(other) is, or its file as \(name)_FILE")
        }
        return text
    }

    /// A web address without a slash at its end.
    func url(_ name: String) throws -> String? {
        guard let text = try text(name) else { return nil }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false,
            url.user() == nil
        else { throw ChannelSettingError(name, mustBe: "an http:// or https:// URL without a user") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    func count(_ name: String) throws -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), (1...1_000_000).contains(number) else {
            throw ChannelSettingError(name, mustBe: "a whole number from 1 to 1000000")
        }
        return number
    }
}
