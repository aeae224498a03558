package import Contracts
import Crypto
package import EventProcessing
import Foundation
package import NotificationsDomain
import ServiceKit

/// Posts to a group by a custom robot 自定义机器人 of DingTalk 钉钉.
///
/// The address is the robot's URL; behind `#` its secret (`SEC…`), where it signs 加签.
/// Source: open.dingtalk.com, 自定义机器人接入 and 自定义机器人安全设置.
package struct DingTalkSender: ChannelSender {
    /// A message has at most 20,000 bytes.
    private static let longestText = 18_000

    private let publicURL: String
    private let caller: HTTPCaller

    package init(publicURL: String, caller: HTTPCaller) {
        self.publicURL = publicURL
        self.caller = caller
    }

    package var channel: Channel { .dingTalk }
    package var canRepeat: Bool { false }
    /// Beyond 20 messages in a minute a robot is silenced for ten.
    package var limit: SendLimit { SendLimit(.lane, .init(20, per: .seconds(60))) }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        let (url, secret) = address.splitAtFragment
        let text = message.plainText(publicURL).cut(toBytes: Self.longestText)
        let call = RobotCall(
            url: secret.map { Self.signed(url, secret: $0, at: caller.now()) } ?? url,
            body: ["msgtype": "text", "text": ["content": .string(text)]], attempt: attempt, codeField: "errcode",
            meaning: Self.meaning)
        return await call.post(by: caller)
    }

    /// The URL with `timestamp`, in milliseconds, and `sign`: HMAC-SHA256 of `timestamp\nsecret` by the secret.
    static func signed(_ url: String, secret: String, at moment: Date) -> String {
        let timestamp = String(Int64((moment.timeIntervalSince1970 * 1_000).rounded(.down)))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(timestamp)\n\(secret)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        let sign = Data(code).base64EncodedString().replacing("+", with: "%2B").replacing("/", with: "%2F")
            .replacing("=", with: "%3D")
        return "\(url)\(url.contains("?") ? "&" : "?")timestamp=\(timestamp)&sign=\(sign)"
    }

    private static func meaning(of code: Int64) -> RobotCall.Meaning {
        switch code {
        // 发送速度太快: silenced for ten minutes from now.
        case 130_101, 410_100, 90_030: .tooFast(pause: .seconds(600))
        // The token is none 300005, 400101; the group was dissolved 400013; the robot is not in it 400106.
        case 300_005, 400_013, 400_101, 400_106: .gone
        // 系统繁忙; 机器人已停用, which an administrator of the group may mend.
        case -1, 400_102: .busy
        // 310000: a keyword is missing, the signature is wrong, or our address is not on its list.
        default: .refused
        }
    }
}
