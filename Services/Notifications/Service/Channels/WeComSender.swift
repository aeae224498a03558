package import Contracts
package import EventProcessing
package import NotificationsDomain
import ServiceKit

/// Posts to a group by a robot 群机器人 of WeCom 企业微信.
///
/// The address is the robot's URL, which holds its key; there is no signature.
/// Source: developer.work.weixin.qq.com/document/path/91770 (群机器人配置说明), 90313 (全局错误码).
package struct WeComSender: ChannelSender {
    /// The text of a message has at most 2,048 bytes.
    private static let longestText = 2_048

    private let publicURL: String
    private let caller: HTTPCaller

    package init(publicURL: String, caller: HTTPCaller) {
        self.publicURL = publicURL
        self.caller = caller
    }

    package var channel: Channel { .weCom }
    package var canRepeat: Bool { false }
    /// A robot may send 20 messages in a minute.
    package var limit: SendLimit { SendLimit(.lane, .init(20, per: .seconds(60))) }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        // The link must not be what is cut off.
        let link = message.wholeLink(publicURL).map { "\n\($0)" } ?? ""
        let text = "\(message.title)\n\(message.body)".cut(toBytes: max(0, Self.longestText - link.utf8.count)) + link
        let call = RobotCall(
            url: address.splitAtFragment.url, body: ["msgtype": "text", "text": ["content": .string(text)]],
            attempt: attempt, codeField: "errcode", meaning: Self.meaning)
        return await call.post(by: caller)
    }

    private static func meaning(of code: Int64) -> RobotCall.Meaning {
        switch code {
        // 接口调用超过限制, 接口并发调用超过限制.
        case 45_009, 45_033: .tooFast(pause: .seconds(60))
        // invalid webhook url: the robot was taken out of its group.
        case 93_000: .gone
        case -1: .busy
        default: .refused
        }
    }
}
