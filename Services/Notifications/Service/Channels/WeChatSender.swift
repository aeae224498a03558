package import Contracts
package import EventProcessing
package import NotificationsDomain
import ServiceKit

/// Sends subscription messages 订阅消息 of a WeChat mini program: one consent, one message.
///
/// The address is the person's openid; the template's variables are named as WeChat names them (`thing1`, `time2`).
/// Source: developers.weixin.qq.com, 小程序 OpenApiDoc, subscribeMessage.send.
package struct WeChatSender: ChannelSender {
    /// The mini program that speaks.
    package struct App: Sendable, Equatable {
        package let id: String
        package let secret: String
        /// Without a slash at its end.
        package let api: String

        package init(id: String, secret: String, api: String = "https://api.weixin.qq.com") {
            self.id = id
            self.secret = secret
            self.api = api
        }
    }

    private let api: String
    private let caller: HTTPCaller
    private let tokens: WeChatTokens

    package init(app: App, caller: HTTPCaller) {
        api = app.api
        self.caller = caller
        tokens = WeChatTokens(api: app.api, appID: app.id, secret: app.secret, caller: caller)
    }

    package var channel: Channel { .weChat }
    package var canRepeat: Bool { false }
    package var limit: SendLimit { .none }

    package func send(
        _ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int
    ) async -> DeliveryResult {
        guard let template = message.template else {
            return .failed(reason: "a WeChat message needs a template", canRetry: false)
        }
        do {
            let body = Self.body(message, template: template, openID: address).bytes()
            let token = try await tokens.token()
            let code = try await post(body, token: token, attempt: attempt)
            guard Self.refusedTokens.contains(code) else { return Self.result(ofCode: code) }
            return Self.result(
                ofCode: try await post(body, token: tokens.token(refused: token), attempt: attempt))
        } catch let failure as CallFailure {
            return failure.result(canRepeat: false)
        } catch let failure as WeChatTokens.Failure {
            return Self.result(withoutToken: failure)
        } catch {
            return CallFailure.interrupted("cut off").result(canRepeat: false)
        }
    }

    private static func body(
        _ message: OutsideMessage, template: OutsideMessage.ProviderTemplate, openID: String
    ) -> JSONValue {
        var body: [String: JSONValue] = [
            "touser": .string(openID), "template_id": .string(template.id),
            "lang": .string(message.language == .english ? "en_US" : "zh_CN"),
            "data": .object(template.variables.mapValues { ["value": .string($0)] }),
        ]
        // A page of the mini program, never an address of the web.
        if let link = message.link, !link.contains("://") { body["page"] = .string(link) }
        return .object(body)
    }

    /// The code of the answer.
    ///
    /// - Throws: ``CallFailure``.
    private func post(_ body: [UInt8], token: String, attempt: Int) async throws -> Int64 {
        let answer = try await caller.answer(
            to: OutsideCall(
                url: "\(api)/cgi-bin/message/subscribe/send?access_token=\(token)",
                headers: [("content-type", "application/json; charset=utf-8")], body: body, attempt: attempt,
                readsAnswer: true, isOurs: true))
        guard let code = (try? JSONValue(parsing: answer.body))?["errcode"]?.integer else {
            throw CallFailure.interrupted("answered \(answer.status) without a code")
        }
        return code
    }

    /// invalid credential, invalid access_token, access_token expired.
    private static let refusedTokens: Set<Int64> = [40_001, 40_014, 42_001]

    private static func result(ofCode code: Int64) -> DeliveryResult {
        let reason = "answered with code \(code)"
        return switch code {
        case 0: .delivered
        // user refuse to accept the msg: never said yes, said no since, or the consent is spent.
        case 43_101: .failed(reason: "\(DeliveryReason.consentRefused): \(reason)", canRetry: false)
        // invalid openid: of another mini program, or of nobody.
        case 40_003: .gone(reason: reason)
        // The day's quota; that of the minute; several at once to one person.
        case 45_009: .postponed(reason: reason, by: .seconds(3_600))
        case 45_011, 43_108: .postponed(reason: reason, by: .seconds(60))
        // system error, and what the settings of the mini program mend.
        case -1, 40_001, 40_014, 42_001, 40_164, 61_004: .failed(reason: reason, canRetry: true)
        // 40037 template, 41030 page, 47003 variables, 43107 banned, 45168 words.
        default: .failed(reason: reason, canRetry: false)
        }
    }

    /// Nothing was sent, so all may be tried again.
    private static func result(withoutToken failure: WeChatTokens.Failure) -> DeliveryResult {
        switch failure {
        case .call(let failure): failure.result(canRepeat: true)
        case .code(45_009): .postponed(reason: "no access token: code 45009", by: .seconds(3_600))
        case .code(45_011): .postponed(reason: "no access token: code 45011", by: .seconds(60))
        case .code(let code): .failed(reason: "no access token: code \(code)", canRetry: true)
        case .unreadable(let status): .failed(reason: "no access token: answered \(status)", canRetry: true)
        }
    }
}
