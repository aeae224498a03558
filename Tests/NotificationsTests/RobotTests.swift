import Contracts
import Crypto
import EventProcessing
import Foundation
import HTTPTypes
import Notifications
import NotificationsDomain
import ServiceKit
import TestSupport
import Testing

private let site = "https://portal.example"

private func sender(_ channel: Channel, timeout: Duration = .seconds(10)) -> any ChannelSender {
    let caller = HTTPCaller.here(timeout: timeout)
    return switch channel {
    case .dingTalk: DingTalkSender(publicURL: site, caller: caller)
    case .weCom: WeComSender(publicURL: site, caller: caller)
    default: FeishuSender(publicURL: site, caller: caller)
    }
}

private let robots: [Channel] = [.dingTalk, .weCom, .feishu]

/// The number's name in an answer.
private func field(_ channel: Channel) -> String { channel == .feishu ? "code" : "errcode" }

@Suite("Group robots")
struct RobotTests {
    @Test func `DingTalk gets a text, and a signature of the moment by the robot's secret`() async throws {
        try await Receiver.withReceiver(answering: [.json(["errcode": 0, "errmsg": "ok"])]) { receiver, port in
            let result = await sender(.dingTalk).send(
                .sample(.dingTalk), to: "http://127.0.0.1:\(port)/robot/send?access_token=token#SECret", id: "d",
                attempt: 1)

            #expect(result == .delivered)
            let call = try #require(receiver.calls.first)
            #expect(
                call.json == [
                    "msgtype": "text",
                    "text": ["content": "您的报告已办结\n名都北门的垃圾已清走。\nhttps://portal.example/cases/case-1"],
                ])
            #expect(call.query["access_token"] == "token")
            #expect(call.query["timestamp"] == "1795392900000")
            let expected = HMAC<SHA256>.authenticationCode(
                for: Data("1795392900000\nSECret".utf8), using: SymmetricKey(data: Data("SECret".utf8)))
            #expect(call.query["sign"] == Data(expected).base64EncodedString())
        }
    }

    @Test func `Feishu gets a text that calls nobody, and a signature in the body`() async throws {
        try await Receiver.withReceiver(answering: [.json(["code": 0, "msg": "success", "data": [:]])]) {
            receiver, port in
            let result = await sender(.feishu).send(
                .sample(.feishu, body: #"<at user_id="all"></at>请看"#),
                to: "http://127.0.0.1:\(port)/open-apis/bot/hook#secret", id: "d", attempt: 1)

            #expect(result == .delivered)
            let body = try #require(receiver.calls.first?.json)
            #expect(body["msg_type"] == "text")
            let text = try #require(body["content"]?["text"]?.string)
            #expect(text == "您的报告已办结\n＜at user_id=\"all\">＜/at>请看\nhttps://portal.example/cases/case-1")
            #expect(body["timestamp"] == "1795392900")
            let expected = HMAC<SHA256>.authenticationCode(
                for: Data(), using: SymmetricKey(data: Data("1795392900\nsecret".utf8)))
            #expect(body["sign"]?.string == Data(expected).base64EncodedString())
        }
    }

    @Test func `WeCom gets a text of at most 2048 bytes, with its link whole`() async throws {
        try await Receiver.withReceiver(answering: [.json(["errcode": 0])]) { receiver, port in
            let long = String(repeating: "垃圾👨‍👩‍👧", count: 300)
            let result = await sender(.weCom).send(
                .sample(.weCom, body: long), to: "http://127.0.0.1:\(port)/send?key=k", id: "d", attempt: 1)

            #expect(result == .delivered)
            let call = try #require(receiver.calls.first)
            let text = try #require(call.json?["text"]?["content"]?.string)
            #expect((2_000...2_048).contains(text.utf8.count))
            #expect(text.hasSuffix("…\nhttps://portal.example/cases/case-1"))
            #expect(call.query == ["key": "k"])
        }
    }

    @Test(arguments: [
        (Channel.dingTalk, Int64(310_000)), (.dingTalk, 430_102), (.weCom, 40_058), (.feishu, 19_021), (.feishu, 9_499),
    ])
    func `a code that is not 0 is a failure, whatever the status`(channel: Channel, code: Int64) async throws {
        let answers: [Receiver.Answer] = [
            .json([field(channel): .integer(code)]), .json([field(channel): .integer(code)], status: .badRequest),
        ]
        #expect(
            try await results(channel, answers)
                == Array(repeating: .failed(reason: "answered with code \(code)", canRetry: false), count: 2))
    }

    @Test(arguments: [
        (Channel.dingTalk, Int64(130_101), 600), (.dingTalk, 410_100, 600), (.weCom, 45_009, 60),
        (.feishu, 11_232, 60),
    ])
    func `who says that it was too fast is left alone`(channel: Channel, code: Int64, seconds: Int) async throws {
        let results = try await results(channel, [.json([field(channel): .integer(code)])])

        #expect(results == [.postponed(reason: "answered with code \(code)", by: .seconds(seconds))])
    }

    @Test(arguments: [
        (Channel.dingTalk, Int64(300_005)), (.dingTalk, 400_106), (.weCom, 93_000), (.feishu, 19_001),
    ])
    func `a robot that was taken out of its group is gone`(channel: Channel, code: Int64) async throws {
        let results = try await results(channel, [.json([field(channel): .integer(code)])])

        #expect(results == [.gone(reason: "answered with code \(code)")])
    }

    @Test(arguments: robots)
    func `what may have arrived is not posted twice`(channel: Channel) async throws {
        let notTwice = ": it may have arrived and is not sent twice"
        let answers: [Receiver.Answer] = [
            .status(.internalServerError), .json("ok"), .status(.tooManyRequests, retryAfter: "7"), .status(.found),
            .status(.notFound), .status(.serviceUnavailable),
        ]
        #expect(
            try await results(channel, answers) == [
                .unknown(reason: "answered 500" + notTwice),
                .unknown(reason: "answered 200 without a code" + notTwice),
                .postponed(reason: "answered 429", by: .seconds(7)),
                .failed(reason: "answered 302: redirects are not followed", canRetry: false),
                .failed(reason: "answered 404", canRetry: false),
                .postponed(reason: "answered 503", by: .seconds(60)),
            ])
        // Nobody was reached, so nothing was posted.
        let nobody = await sender(channel).send(
            .sample(channel), to: "http://127.0.0.1:1/hook", id: "d", attempt: 1)
        #expect(nobody == .failed(reason: "could not be reached", canRetry: true))
        #expect(!sender(channel).canRepeat)
    }

    @Test(arguments: robots)
    func `a robot's URL does not lead into our network`(channel: Channel) async {
        let result = await sender(channel).send(
            .sample(channel), to: "https://10.0.0.1/send?key=k", id: "d", attempt: 1)

        #expect(result == .failed(reason: "the URL's host is inside a private network", canRetry: false))
    }

    private func results(_ channel: Channel, _ answers: [Receiver.Answer]) async throws -> [DeliveryResult] {
        try await Receiver.withReceiver(answering: answers) { _, port in
            var results: [DeliveryResult] = []
            for _ in answers {
                results.append(
                    await sender(channel).send(
                        .sample(channel), to: "http://127.0.0.1:\(port)/hook", id: "d", attempt: 1))
            }
            return results
        }
    }
}
