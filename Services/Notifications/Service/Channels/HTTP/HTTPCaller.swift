import AsyncHTTPClient
import EventProcessing
package import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request to the outside.
struct OutsideCall: Sendable {
    let url: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// Of the delivery, from 1: of several addresses each attempt takes the next.
    var attempt = 1
    /// Whether the answer's body says how it went; else only its head counts.
    var readsAnswer = false
    /// Whether the URL comes from whoever runs this machine: it may lie in a private network.
    var isOurs = false
}

/// What was answered.
struct OutsideAnswer: Sendable {
    let status: Int
    /// What the provider asks for, from now (RFC 9110 section 10.2.3).
    let retryAfter: Duration?
    /// Empty where only the head counts.
    let body: [UInt8]
}

/// Why there is no answer.
///
/// It says nothing of the address, and nothing in a receiver's words.
enum CallFailure: Error, Equatable {
    /// No repetition mends it.
    case refused(String)
    /// Nothing was sent.
    case unreachable(String)
    /// It may have arrived.
    case interrupted(String)

    /// - Parameter canRepeat: whether the receiver knows a repetition.
    func result(canRepeat: Bool) -> DeliveryResult {
        switch self {
        case .refused(let reason): .failed(reason: reason, canRetry: false)
        case .unreachable(let reason): .failed(reason: reason, canRetry: true)
        case .interrupted(let reason) where canRepeat: .failed(reason: reason, canRetry: true)
        case .interrupted(let reason): .unknown(reason: "\(reason): it may have arrived and is not sent twice")
        }
    }
}

/// Calls outside over HTTP: only where it may, no longer than it may, and following nobody elsewhere.
package struct HTTPCaller: Sendable {
    /// How long one call may take (Standard Webhooks 1.0.0: 15 to 30 seconds).
    package static let timeout = Duration.seconds(15)
    /// So much of an answer is read; providers say what they have to in a few hundred bytes.
    private static let longestAnswer = 64 << 10
    /// How long the rest of an answer is waited for that says nothing.
    private static let politeness = Duration.seconds(1)

    private let allows: PrivateAddresses
    private let timeout: Duration
    let now: @Sendable () -> Date
    private let clients = HTTPClients()

    /// - Parameters:
    ///   - allows: the addresses besides the public internet.
    ///   - now: the wall clock, which only an edge may read: receivers refuse what was signed long ago.
    package init(
        allows: PrivateAddresses, timeout: Duration = HTTPCaller.timeout,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.allows = allows
        self.timeout = timeout
        self.now = now
    }

    func answer(to call: OutsideCall) async throws(CallFailure) -> OutsideAnswer {
        do {
            let target = try await CallTarget.find(
                call.url, allows: call.isOurs ? nil : allows, attempt: call.attempt)
            return try await clients.with(target) { client in try await answer(to: call, by: client) }
        } catch {
            throw CallFailure(error)
        }
    }

    private func answer(to call: OutsideCall, by client: HTTPClient) async throws -> OutsideAnswer {
        let start = ContinuousClock.now
        var request = HTTPClientRequest(url: call.url)
        request.method = .POST
        request.headers.add(name: "user-agent", value: "suishoupai/1")
        for header in call.headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(call.body)
        let response = try await client.execute(request, deadline: .now() + TimeAmount(timeout))
        let left = timeout - (ContinuousClock.now - start)
        let body = try await body(of: response, within: left, isNeeded: call.readsAnswer)
        let retryAfter = response.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0, now: now()) }
        return OutsideAnswer(status: Int(response.status.code), retryAfter: retryAfter, body: body)
    }

    /// Reads an answer that counts, and passes over one that does not where it comes at once: the connection can then
    /// be used again.
    private func body(of response: HTTPClientResponse, within left: Duration, isNeeded: Bool) async throws -> [UInt8] {
        do {
            return try await withThrowingTaskGroup(of: [UInt8].self) { group in
                group.addTask {
                    Array(try await response.body.collect(upTo: Self.longestAnswer).readableBytesView)
                }
                group.addTask {
                    try await Task.sleep(for: isNeeded ? left : min(left, Self.politeness))
                    throw CallFailure.interrupted("no answer in time")
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
        } catch  where !isNeeded {
            return []
        } catch is NIOTooManyBytesError {
            throw CallFailure.interrupted("the answer is too long")
        }
    }
}

extension CallFailure {
    /// What an error means for whether anything was sent.
    fileprivate init(_ error: any Error) {
        switch error {
        case let failure as CallFailure: self = failure
        case let refusal as CallTarget.Refusal: self = .refused(refusal.description)
        case is AddressLookupError: self = .unreachable("the host was not found")
        case let error as HTTPClientError: self = Self.meaning(of: error)
        case is NIOConnectionError, ChannelError.connectTimeout: self = .unreachable("could not be reached")
        // At once, or as the network says while connecting: nobody had taken anything.
        case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode):
            self = .unreachable("could not be reached")
        default: self = Self.isHandshake(error) ? .unreachable("no TLS that can be trusted") : .interrupted("cut off")
        }
    }

    private static func meaning(of error: HTTPClientError) -> CallFailure {
        if [.connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout]
            .contains(error)
        {
            return .unreachable("could not be reached in time")
        }
        if [.deadlineExceeded, .readTimeout, .writeTimeout].contains(error) {
            return .interrupted("no answer in time")
        }
        if [.invalidURL, .emptyHost, .emptyScheme].contains(error) { return .refused("the URL cannot be read") }
        return .interrupted("cut off")
    }

    /// TLS errors are told by their names: their type belongs to a library that is not ours to import.
    private static func isHandshake(_ error: any Error) -> Bool {
        let name = String(describing: error)
        return name.hasPrefix("handshakeFailed") || name.contains("failedToValidateHostname")
            || name.contains("CERTIFICATE_VERIFY_FAILED")
    }
}
