import EventProcessing
import Foundation
import ServiceKit

/// A post to a group robot: all three answer 200 to nearly everything, and say in the body how it went.
struct RobotCall {
    /// What a code in an answer means.
    enum Meaning {
        case tooFast(pause: Duration)
        /// The robot or its group is no more.
        case gone
        /// The provider's own trouble: nothing was posted.
        case busy
        case refused
    }

    let url: String
    let body: JSONValue
    let attempt: Int
    /// Where the code stands in the answer.
    let codeField: String
    let meaning: @Sendable (Int64) -> Meaning

    func post(by caller: HTTPCaller) async -> DeliveryResult {
        let call = OutsideCall(
            url: url, headers: [("content-type", "application/json; charset=utf-8")], body: body.bytes(),
            attempt: attempt, readsAnswer: true)
        do {
            return result(of: try await caller.answer(to: call))
        } catch {
            return error.result(canRepeat: false)
        }
    }

    private func result(of answer: OutsideAnswer) -> DeliveryResult {
        let status = answer.status
        switch status {
        case 429, 503: return .postponed(reason: "answered \(status)", by: answer.retryAfter ?? .seconds(60))
        case 300..<400: return .failed(reason: "answered \(status): redirects are not followed", canRetry: false)
        case 500...: return CallFailure.interrupted("answered \(status)").result(canRepeat: false)
        default: break
        }
        // Some send their code with another status than 200.
        guard let code = (try? JSONValue(parsing: answer.body))?[codeField]?.integer else {
            return status < 300
                ? CallFailure.interrupted("answered \(status) without a code").result(canRepeat: false)
                : .failed(reason: "answered \(status)", canRetry: false)
        }
        return result(ofCode: code)
    }

    private func result(ofCode code: Int64) -> DeliveryResult {
        if code == 0 { return .delivered }
        let reason = "answered with code \(code)"
        return switch meaning(code) {
        case .tooFast(let pause): .postponed(reason: reason, by: pause)
        case .gone: .gone(reason: reason)
        case .busy: .failed(reason: reason, canRetry: true)
        case .refused: .failed(reason: reason, canRetry: false)
        }
    }
}
