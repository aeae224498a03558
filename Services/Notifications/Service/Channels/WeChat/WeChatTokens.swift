import Foundation
import ServiceKit
import Synchronization

/// The access token of a mini program: asked for when there is none, kept until shortly before it ends.
///
/// `stable_token` gives every instance the same one; the older `token` would end the others' at each call.
/// Source: developers.weixin.qq.com, 获取稳定版接口调用凭据.
final class WeChatTokens: Sendable {
    /// A token is not used in its last five minutes.
    private static let margin: TimeInterval = 300

    private struct Token {
        let text: String
        let until: Date
    }

    private let api: String
    private let appID: String
    private let secret: String
    private let caller: HTTPCaller
    private let kept = Mutex<Token?>(nil)

    init(api: String, appID: String, secret: String, caller: HTTPCaller) {
        self.api = api
        self.appID = appID
        self.secret = secret
        self.caller = caller
    }

    /// Why there is no token.
    enum Failure: Error {
        case call(CallFailure)
        /// What the provider says, which stands in no message of ours but as a number.
        case code(Int64)
        case unreadable(status: Int)
    }

    /// A token to use now.
    ///
    /// - Parameter refused: the one that was just not accepted; another is asked for.
    func token(refused: String? = nil) async throws(Failure) -> String {
        let now = caller.now()
        let known = kept.withLock { kept -> String? in
            guard let kept, kept.text != refused, now < kept.until else { return nil }
            return kept.text
        }
        if let known { return known }
        let token = try await ask(force: false)
        // The same again was ended by somebody: only a new one helps.
        return token == refused ? try await ask(force: true) : token
    }

    private func ask(force: Bool) async throws(Failure) -> String {
        let body: JSONValue = [
            "grant_type": "client_credential", "appid": .string(appID), "secret": .string(secret),
            "force_refresh": .bool(force),
        ]
        let answer: OutsideAnswer
        do {
            answer = try await caller.answer(
                to: OutsideCall(
                    url: "\(api)/cgi-bin/stable_token", headers: [("content-type", "application/json")],
                    body: body.bytes(), readsAnswer: true, isOurs: true))
        } catch {
            throw .call(error)
        }
        guard let value = try? JSONValue(parsing: answer.body) else { throw .unreadable(status: answer.status) }
        guard let text = value["access_token"]?.string, let seconds = value["expires_in"]?.integer else {
            if let code = value["errcode"]?.integer { throw .code(code) }
            throw .unreadable(status: answer.status)
        }
        let until = caller.now().addingTimeInterval(TimeInterval(seconds) - Self.margin)
        kept.withLock { $0 = Token(text: text, until: until) }
        return text
    }
}
