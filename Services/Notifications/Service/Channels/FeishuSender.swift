package import Contracts
import Crypto
package import EventProcessing
import Foundation
package import NotificationsDomain
import ServiceKit

/// Posts to a group by a custom robot 自定义机器人 of Feishu 飞书.
///
/// The address is the robot's URL; behind `#` its secret, where it checks signatures 签名校验.
/// Source: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (自定义机器人使用指南).
package struct FeishuSender: ChannelSender {
    /// The body of a request has at most 20 KB.
    private static let longestText = 15_000

    private let publicURL: String
    private let caller: HTTPCaller

    package init(publicURL: String, caller: HTTPCaller) {
        self.publicURL = publicURL
        self.caller = caller
    }

    package var channel: Channel { .feishu }
    package var canRepeat: Bool { false }
    /// A robot may send 5 messages in a second and 100 in a minute.
    package var limit: SendLimit { SendLimit(.lane, .init(5, per: .seconds(1)), .init(100, per: .seconds(60))) }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        let (url, secret) = address.splitAtFragment
        // A tag `<at …>` in a text calls people by name, all of them even: what somebody typed must not.
        let text = message.plainText(publicURL).cut(toBytes: Self.longestText).replacing("<", with: "＜")
        var body: [String: JSONValue] = ["msg_type": "text", "content": ["text": .string(text)]]
        if let secret {
            let timestamp = String(Int64(caller.now().timeIntervalSince1970.rounded(.down)))
            body["timestamp"] = .string(timestamp)
            body["sign"] = .string(Self.signature(secret: secret, timestamp: timestamp))
        }
        let call = RobotCall(
            url: url, body: .object(body), attempt: attempt, codeField: "code", meaning: Self.meaning)
        return await call.post(by: caller)
    }

    /// HMAC-SHA256 of nothing by the key `timestamp\nsecret`; the timestamp in seconds.
    static func signature(secret: String, timestamp: String) -> String {
        let key = SymmetricKey(data: Data("\(timestamp)\n\(secret)".utf8))
        return Data(HMAC<SHA256>.authenticationCode(for: Data(), using: key)).base64EncodedString()
    }

    private static func meaning(of code: Int64) -> RobotCall.Meaning {
        switch code {
        // frequency limited.
        case 11_232, 11_233, 99_991_400: .tooFast(pause: .seconds(60))
        // incoming webhook access token invalid: the robot was taken out of its group.
        case 19_001: .gone
        // 9499 what was sent cannot be read, 19021 a wrong signature, 19022 our address is not on its list,
        // 19024 a keyword is missing.
        default: .refused
        }
    }
}
