import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import Portal

/// A form of the page as a browser sends it: `fields` and what is hidden in it.
private func sent(_ browser: Browsing, to uri: String = "/settings", _ fields: [String: String]) async throws -> Answer
{
    let page = try await browser.open("/settings")
    let token = try #require(page.hidden("formToken"))
    let key = try #require(page.hidden("key"))
    return try await browser.send(uri, ["formToken": token, "key": key].merging(fields) { $1 })
}

@Test func `the form says all of a person's wishes, and keeps what it does not show`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        var state = PersonSettingsState(personId: "rider-1", version: 1)
        state.preferences = NotificationPreferences(
            muted: [MutedKind(kind: .work, channel: .sms)], utcOffsetMinutes: 540)
        try await portal.hearSettings(state)
        let browser = try portal.browser(of: "rider-1", .rider, on: client)

        let answer = try await sent(
            browser,
            [
                "kinds": "progress,points", "wants-progress-email": "yes", "wants-points-email": "yes",
                "wants-progress-web-push": "yes", "wants-points-web-push": "yes", "wants-progress-wechat": "yes",
                "wants-points-wechat": "yes", "wants-progress-sms": "yes", "quiet": "yes", "from": "22:30",
                "to": "07:00", "mealPeaks": "yes", "language": "en", "short": "yes", "weekly": "yes",
            ])

        #expect(answer.headers[.location] == "/settings?pending=1")
        let command = try await portal.command().read(SetPreferences.self).data
        #expect(command.personId == "rider-1")
        #expect(
            command.preferences
                == NotificationPreferences(
                    language: .english, form: .short,
                    muted: [MutedKind(kind: .points, channel: .sms), MutedKind(kind: .work, channel: .sms)],
                    quietHours: QuietHours(from: 1_350, to: 420), utcOffsetMinutes: 540, mealPeaks: true,
                    digest: .weekly))
    }
}

@Test func `an hour that is none is refused in words, and nothing is sent`() async throws {
    try await PortalUnderTest.run { portal, client in
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        for wrong in ["24:00", "7", "", "ab:cd", "12:60"] {
            let answer = try await sent(browser, ["kinds": "progress", "quiet": "yes", "from": wrong, "to": "07:00"])
            #expect(answer.status == 422 && answer.text.contains("22:30"), "\(wrong)")
        }
        #expect(try await portal.commands().isEmpty)
    }
}

@Test func `a contact is set sealed, taken away, and refused where it is none`() async throws {
    try await PortalUnderTest.run(patience: .milliseconds(1)) { portal, client in
        let browser = try portal.browser(of: "rider-1", .rider, on: client)
        let wrong = try await sent(browser, to: "/settings/contacts", ["channel": "email", "address": "nobody"])
        #expect(wrong.status == 422 && wrong.text.contains("name@example.cn"))
        #expect(try await sent(browser, to: "/settings/contacts", ["channel": "inbox"]).status == 400)
        #expect(try await sent(browser, to: "/settings/contacts", ["channel": "sms", "remove": "yes"]).status == 404)

        let answer = try await sent(
            browser, to: "/settings/contacts", ["channel": "sms", "address": "+8613800138000"])
        #expect(answer.headers[.location] == "/settings?pending=1")
        let taken = try await portal.command()
        let command = try taken.read(SetContact.self).data
        #expect(command.channel == .sms && !String(decoding: taken.value, as: UTF8.self).contains("13800138000"))

        var state = PersonSettingsState(personId: "rider-1", version: 1)
        state.contacts = [.init(contactId: command.contactId, channel: .sms, sealed: command.sealed)]
        state.consents = [.init(template: "template-7", left: 3)]
        try await portal.hearSettings(state)
        let page = try await browser.open("/settings").text
        #expect(page.contains("template-7") && page.contains("<strong>3</strong>") && page.contains("删除联系方式"))
        _ = try await sent(browser, to: "/settings/contacts", ["channel": "sms", "remove": "yes"])
        #expect(try await portal.command(2).read(RemoveContact.self).data.contactId == command.contactId)
    }
}

@Test func `a contact that leads nowhere any more is said to be lost, and why`() async throws {
    try await PortalUnderTest.run { portal, client in
        var state = PersonSettingsState(personId: "rider-1", version: 1)
        state.lost = [
            .init(channel: .sms, reason: .gone, at: .minutes(-9)),
            .init(channel: .email, reason: .bounced, at: .minutes(-5)),
        ]
        try await portal.hearSettings(state)
        let page = try await portal.browser(of: "rider-1", .rider, on: client).open("/settings").text

        #expect(page.components(separatedBy: "联系不上了").count == 3)
        #expect(page.contains("邮件被退回") && page.contains("已拒收"))
    }
}

@Test func `staff is asked of tasks and alerts, riders are not, and no form counts without its token`() async throws {
    try await PortalUnderTest.run { portal, client in
        let rider = try portal.browser(of: "rider-1", .rider, on: client)
        let worker = try portal.browser(of: "worker-a", .worker, on: client)
        #expect(!(try await rider.open("/settings").text.contains("wants-work-email")))
        #expect(try await worker.open("/settings").text.contains("wants-work-email"))
        for uri in ["/settings", "/settings/contacts", "/settings/look"] {
            #expect(try await rider.send(uri, ["channel": "email", "remove": "yes"]).status == 403, "\(uri)")
        }
        #expect(try await client.ask("/settings").status == 401)
    }
}

extension PortalUnderTest {
    fileprivate func hearSettings(_ state: PersonSettingsState) async throws {
        let value = try Envelope(state, id: .random(), source: "/test", time: Self.noon).value()
        try await hear([.of(value, from: TopicCatalogue.notificationSettings)])
    }
}
