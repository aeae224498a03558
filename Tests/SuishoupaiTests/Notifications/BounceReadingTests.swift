import Foundation
import Testing

@testable import Suishoupai

/// Reports as mail servers write them, with other names in them.
enum SampleBounce {
    /// As Postfix writes it.
    static func postfix(_ id: String, action: String = "failed", status: String = "5.1.1") -> String {
        """
        Return-Path: <>
        Date: Mon, 23 Nov 2026 00:20:00 +0000
        From: MAILER-DAEMON@mx.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: no-reply@city.example
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="4B2F61A0.1795392900/mx.example"
        Message-Id: <20261123002000.4B2F61A1@mx.example>

        This is a MIME-encapsulated message.

        --4B2F61A0.1795392900/mx.example
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --4B2F61A0.1795392900/mx.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example
        X-Postfix-Queue-ID: 4B2F61A0
        Arrival-Date: Mon, 23 Nov 2026 00:15:00 +0000 (UTC)

        Final-Recipient: rfc822; rider@home.example
        Original-Recipient: rfc822;rider@home.example
        Action: \(action)
        Status: \(status)
        Remote-MTA: dns; mx.home.example
        Diagnostic-Code: smtp; 550 5.1.1 <rider@home.example>: Recipient address
            rejected: User unknown

        --4B2F61A0.1795392900/mx.example
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers

        Return-Path: <no-reply@city.example>
        Date: Mon, 23 Nov 2026 00:15:00 +0000
        Message-ID: <\(id)@city.example>
        Subject: =?utf-8?B?5bey5Yqe57uT?=

        --4B2F61A0.1795392900/mx.example--
        """
    }
}

@Suite struct BounceReadingTests {
    private func read(_ text: String) throws -> DeliveryStatusNotification {
        try DeliveryStatusNotification(Data(text.utf8))
    }

    @Test(arguments: ["\n", "\r\n"])
    func `a report says which mail, how it fared and why`(lineEnd: String) throws {
        let report = try read(SampleBounce.postfix("c0ffee12").replacing("\n", with: lineEnd))

        #expect(report.action == .failed && report.status == "5.1.1")
        #expect(report.messageID == "c0ffee12@city.example" && report.deliveryName == "c0ffee12")
    }

    @Test func `the whole mail may come back, in a frame of another, with comments behind the words`() throws {
        let report = try read(
            """
            Content-Type: multipart/mixed; boundary=outer

            --outer
            Content-Type: Multipart/Report; boundary=inner; Report-Type="delivery-status"

            --inner
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; rider@home.example
            ACTION: Failed (it was refused)
            Status: 5.2.1 (mailbox disabled)

            --inner\u{20}
            Content-Type: message/rfc822

            Message-ID:
             <c0ffee12@city.example>
            Content-Type: text/plain

            Message-ID: <another@city.example>
            --inner--
            --outer--
            """)

        #expect(report.status == "5.2.1" && report.deliveryName == "c0ffee12")
    }

    @Test func `without the mail, what it answers to counts`() throws {
        let whole = SampleBounce.postfix("c0ffee12")
        let cut = try #require(whole.range(of: "--4B2F61A0.1795392900/mx.example\nContent-Description: Undelivered"))
        let text = "In-Reply-To: <feedface@city.example>\n" + whole[..<cut.lowerBound]

        #expect(try read(text).deliveryName == "feedface")
        #expect(throws: DeliveryStatusNotification.Fault.noMail) { try read(String(whole[..<cut.lowerBound])) }
    }

    @Test(arguments: ["delayed", "delivered", "relayed", "expanded"])
    func `what is no failure is told from one`(action: String) throws {
        #expect(try read(SampleBounce.postfix("c0ffee12", action: action, status: "4.4.1")).action.rawValue == action)
    }

    @Test(arguments: [
        ("", DeliveryStatusNotification.Fault.noReport), ("Subject: hello\n\nhello", .noReport),
        (SampleBounce.postfix("x").replacing("report-type=delivery-status", with: "report-type=feedback"), .noReport),
        (SampleBounce.postfix("x").replacing("message/delivery-status", with: "text/plain"), .noReport),
        (SampleBounce.postfix("x", action: "lost"), .noStatus), (SampleBounce.postfix("x", status: "550"), .noStatus),
        (SampleBounce.postfix("x", status: "6.0.0"), .noStatus),
        (SampleBounce.postfix("x").replacing("Action: failed\n", with: ""), .noStatus),
        (SampleBounce.postfix("x").replacing("Message-ID: <", with: "Message-ID: "), .noMail),
    ])
    func `what is none is refused by name`(text: String, fault: DeliveryStatusNotification.Fault) {
        #expect(throws: fault) { try read(text) }
    }

    @Test func `parts without end, and bytes that are no text, do no harm`() throws {
        let nested = String(repeating: "Content-Type: multipart/mixed; boundary=b\n\n--b\n", count: 200)
        #expect(throws: DeliveryStatusNotification.Fault.noReport) { try read(nested) }
        #expect(throws: DeliveryStatusNotification.Fault.noReport) {
            try DeliveryStatusNotification(Data((0...255).map { UInt8($0) }))
        }
    }
}
