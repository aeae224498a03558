import Contracts
import Foundation
import Notifications
import ServiceKit
import TestSupport
import Testing

@Test func `without settings nothing but webhooks and robots is set up`() throws {
    let settings = try ChannelSettings(environment: [:])
    #expect(settings.mail == nil && settings.vapidSubject == nil && settings.weChat == nil && settings.sms == nil)
    #expect(settings.publicURL.isEmpty)
}

@Test func `all channels are set up by the environment, secrets from files where that is said`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "secret")
    try Data("from the file\n".utf8).write(to: file)
    let path = file.path(percentEncoded: false)

    let settings = try ChannelSettings(environment: [
        "NOTIFY_PUBLIC_URL": "https://portal.example/", "NOTIFY_SMTP_URL": "smtp://mail.example",
        "NOTIFY_SMTP_FROM": "随手拍 <no-reply@city.example>", "NOTIFY_SMTP_USER": "user",
        "NOTIFY_SMTP_PASSWORD_FILE": path, "NOTIFY_SMTP_PER_MINUTE": "60",
        "NOTIFY_VAPID_SUBJECT": "mailto:desk@city.example", "NOTIFY_WECHAT_APPID": "wx",
        "NOTIFY_WECHAT_SECRET_FILE": path, "NOTIFY_SMS_URL": "https://sms.example/v1/messages",
        "NOTIFY_SMS_KEY": "key",
    ])

    #expect(settings.publicURL == "https://portal.example")
    #expect(
        settings.mail?.server
            == MailServer(
                host: "mail.example", port: 587, security: .startTLS,
                login: .init(user: "user", password: "from the file")))
    #expect(settings.mail?.from.mailbox == "no-reply@city.example")
    #expect(settings.mail?.perMinute == 60)
    #expect(settings.weChat == .init(id: "wx", secret: "from the file"))
    #expect(settings.sms == .init(url: "https://sms.example/v1/messages", key: "key", perMinute: 300))
}

@Test(arguments: [
    ("smtps://mail.example", 465, MailServer.Security.tls), ("smtp://mail.example:2525", 2_525, .startTLS),
    ("smtp://127.0.0.1:25?tls=none", 25, .none), ("smtp://localhost:1025?tls=none", 1_025, .none),
    ("smtp://[::1]:25?tls=none", 25, .none),
])
func `a mail server is spoken to by TLS unless it is here`(
    url: String, port: Int, security: MailServer.Security
) throws {
    let settings = try ChannelSettings(environment: ["NOTIFY_SMTP_URL": url, "NOTIFY_SMTP_FROM": "a@b.example"])
    #expect(settings.mail?.server.port == port)
    #expect(settings.mail?.server.security == security)
}

@Test(arguments: [
    (["NOTIFY_SMTP_URL": "smtp://mail.example?tls=none", "NOTIFY_SMTP_FROM": "a@b.example"], "NOTIFY_SMTP_URL"),
    (["NOTIFY_SMTP_URL": "smtp://u:p@mail.example", "NOTIFY_SMTP_FROM": "a@b.example"], "NOTIFY_SMTP_URL"),
    (["NOTIFY_SMTP_URL": "mail.example", "NOTIFY_SMTP_FROM": "a@b.example"], "NOTIFY_SMTP_URL"),
    (["NOTIFY_SMTP_URL": "smtp://mail.example"], "NOTIFY_SMTP_FROM"),
    (["NOTIFY_SMTP_URL": "smtp://mail.example", "NOTIFY_SMTP_FROM": "nobody"], "NOTIFY_SMTP_FROM"),
    (
        ["NOTIFY_SMTP_URL": "smtp://m.example", "NOTIFY_SMTP_FROM": "a@b.example", "NOTIFY_SMTP_USER": "user-17"],
        "NOTIFY_SMTP_PASSWORD"
    ),
    (
        ["NOTIFY_SMTP_URL": "smtp://m.example", "NOTIFY_SMTP_FROM": "a@b.example", "NOTIFY_SMTP_PER_MINUTE": "-17"],
        "NOTIFY_SMTP_PER_MINUTE"
    ),
    (["NOTIFY_WECHAT_APPID": "wx"], "NOTIFY_WECHAT_SECRET"),
    (["NOTIFY_WECHAT_APPID": "wx", "NOTIFY_WECHAT_SECRET_FILE": "/nowhere/at/all"], "NOTIFY_WECHAT_SECRET_FILE"),
    (["NOTIFY_SMS_URL": "https://sms.example"], "NOTIFY_SMS_KEY"),
    (["NOTIFY_SMS_URL": "sms.example", "NOTIFY_SMS_KEY": "hidden"], "NOTIFY_SMS_URL"),
    (["NOTIFY_VAPID_SUBJECT": "desk@city.example"], "NOTIFY_VAPID_SUBJECT"),
    (["NOTIFY_PUBLIC_URL": "portal.example"], "NOTIFY_PUBLIC_URL"),
])
func `a setting that cannot be used is named, and its value is not`(
    environment: [String: String], variable: String
) throws {
    let error = try #require(throws: ChannelSettingError.self) { try ChannelSettings(environment: environment) }
    #expect(error.variable == variable)
    for value in environment.values { #expect(!error.description.contains(value)) }
}

@Test func `the edge of a data folder is made of its keys`() throws {
    let folder = try TemporaryFolder()
    _ = try ChannelEdge.make(
        dataFolder: folder.url, environment: ["NOTIFY_VAPID_SUBJECT": "mailto:desk@city.example"])
    let keys = try FileManager.default.contentsOfDirectory(
        atPath: folder.url.appending(path: "keys").path(percentEncoded: false))
    #expect(Set(keys) == ["webhook.key", "persons.key", "vapid.key"])
}
