import AsyncHTTPClient
import Contracts
package import EventProcessing
package import Foundation
package import NIOCore
import NIOHTTP1
package import ServiceKit

/// Calls the webhooks of units by Standard Webhooks 1.0.
///
/// The delivery's id is the `webhook-id`, the same at every repetition: the receiver knows a second call by it.
package struct WebhookEdge: DeliveryEdge {
    /// How long one call may take.
    package static let timeout: TimeAmount = .seconds(15)

    private let key: DataFolderKey
    private let allows: PrivateAddresses
    private let timeout: TimeAmount
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - key: of the data folder; each unit's secret is derived from it.
    ///   - allows: the addresses besides the public internet.
    ///   - now: the wall clock, which only an edge may read: receivers refuse calls that were signed long ago.
    package init(
        key: DataFolderKey, allows: PrivateAddresses, timeout: TimeAmount = WebhookEdge.timeout,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.key = key
        self.allows = allows
        self.timeout = timeout
        self.now = now
    }

    /// Receivers know a repetition by the `webhook-id`.
    package func canRepeat(_ delivery: PlannedDelivery) -> Bool { true }

    package func send(_ delivery: PlannedDelivery) async -> DeliveryResult {
        do {
            let payload = try ContractCoding.decode(WebhookPayload.self, from: delivery.payload)
            let target = try await WebhookTarget.find(payload.url, allows: allows, attempt: delivery.attempt)
            let status = try await post(payload, id: delivery.id, to: target)
            return Self.result(ofStatus: status)
        } catch {
            return Self.result(of: error)
        }
    }

    /// Sends the call to the address that was checked and waits for the answer's head.
    private func post(_ payload: WebhookPayload, id: DeliveryID, to target: WebhookTarget) async throws -> Int {
        let body = Array(payload.body.utf8)
        let secret = WebhookSecret.derived(from: key, for: payload.unitId.rawValue)
        let signed = StandardWebhook.sign(id: id.rawValue, at: now(), body: body, secrets: [secret])
        var request = HTTPClientRequest(url: target.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "suishoupai-webhooks/1")
        request.headers.add(name: "webhook-id", value: signed.id)
        request.headers.add(name: "webhook-timestamp", value: signed.timestamp)
        request.headers.add(name: "webhook-signature", value: signed.signature)
        request.body = .bytes(body)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: timeout))
        configuration.dnsOverride = [target.host: target.address.description]
        // A client for each call: the address belongs to the call, and units hear from us a few times an hour.
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            Int(try await client.execute(request, timeout: timeout).status.code)
        }
    }

    /// What a status says: a redirect is not followed, 410 means never again, all else may heal.
    private static func result(ofStatus status: Int) -> DeliveryResult {
        switch status {
        case 200..<300: .delivered
        case 300..<400: .failed(reason: "answered \(status): redirects are not followed", canRetry: false)
        case 410: .gone(reason: "answered 410: the webhook is gone")
        default: .failed(reason: "answered \(status)", canRetry: true)
        }
    }

    private static func result(of error: any Error) -> DeliveryResult {
        switch error {
        case let refusal as WebhookTarget.Refusal: .failed(reason: refusal.description, canRetry: false)
        case let error as DecodingError: .failed(reason: error.sentence, canRetry: false)
        case let error as AddressLookupError: .failed(reason: error.description, canRetry: true)
        case let error as HTTPClientError where [.deadlineExceeded, .readTimeout, .connectTimeout].contains(error):
            .failed(reason: "no answer in time", canRetry: true)
        default: .failed(reason: "could not be reached: \(String(describing: error).prefix(200))", canRetry: true)
        }
    }
}
