import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1

/// Another try may end otherwise.
struct Unanswered: Error {
    let reason: String
}

/// Sends requests until they are answered: what may heal is tried again, after pauses that double.
///
/// Every request here does the same when it is done twice. A call ends when nothing has moved for about as long as the
/// patience: a try that sends nothing waits less than half of that for its answer to begin, and another try begins
/// only within the first half.
struct S3Exchange: Sendable {
    private static let tries = 4
    /// No answer but an object's bytes is longer.
    private static let longestAnswer = 4 << 20

    let settings: S3Settings
    let http: HTTPClient
    let patience: Duration
    let now: @Sendable () -> Date
    private let logger = Logger(label: "object-store")

    init(_ settings: S3Settings, http: HTTPClient, patience: Duration, now: @escaping @Sendable () -> Date) {
        self.settings = settings
        self.http = http
        self.patience = patience
        self.now = now
    }

    /// Sends a request and hands the answer to whoever reads it, perhaps several times, each from its beginning.
    ///
    /// - Parameter key: What the request is about, for the sentence of an error.
    func send<Value: Sendable>(
        _ request: S3Request, about key: String,
        read: @escaping @Sendable (HTTPClientResponse, Progress) async throws -> Value
    ) async throws -> Value {
        let progress = Progress()
        var pause = Duration.milliseconds(200)
        var count = 1
        while true {
            do {
                return try await progress.watched(for: patience) {
                    try await sendOnce(request, about: key, progress, read)
                }
            } catch let failure as Unanswered {
                guard count < Self.tries, progress.idle + pause < patience / 2 else {
                    throw ObjectStoreError.unavailable(key: key, tries: count, reason: failure.reason)
                }
                logger.debug("S3 is asked again", metadata: ["s3.key": "\(key)", "reason": "\(failure.reason)"])
            }
            try await Task.sleep(for: pause)
            pause *= 2
            count += 1
        }
    }

    /// Sends a request whose answer is short.
    func send(_ request: S3Request, about key: String) async throws -> ByteBuffer {
        try await send(request, about: key) { response, _ in try await response.body.collect(upTo: Self.longestAnswer) }
    }

    private func sendOnce<Value: Sendable>(
        _ request: S3Request, about key: String, _ progress: Progress,
        _ read: (HTTPClientResponse, Progress) async throws -> Value
    ) async throws -> Value {
        do {
            let signed = request.signed(for: settings, at: now(), sent: progress.moved)
            let response = try await http.execute(signed, deadline: deadline(of: request))
            progress.moved()
            guard (200..<300).contains(response.status.code) else { throw try await refusal(response, about: key) }
            return try await read(response, progress)
        } catch let error as ObjectStoreError {
            throw error
        } catch let error as Unanswered {
            throw error
        } catch {
            // The client calls it an error of its own when the task is cancelled.
            try Task.checkCancellation()
            throw Unanswered(reason: Self.sentence(error))
        }
    }

    /// How long an upload takes nobody knows; that it moves is watched.
    private func deadline(of request: S3Request) -> NIODeadline {
        if case .none = request.payload { .now() + TimeAmount(patience * 0.4) } else { .distantFuture }
    }

    private func refusal(_ response: HTTPClientResponse, about key: String) async throws -> any Error {
        let body = try await response.body.collect(upTo: Self.longestAnswer)
        let refusal = S3Refusal(
            status: Int(response.status.code), body: body.readableBytesView,
            regionHeader: response.headers.first(name: "x-amz-bucket-region"))
        guard !refusal.mayHeal else {
            return Unanswered(reason: "status \(refusal.status)\(refusal.code.isEmpty ? "" : ", \(refusal.code)")")
        }
        return ObjectStoreError.refused(
            key: key, status: refusal.status, code: refusal.code, advice: refusal.advice(region: settings.region))
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .deadlineExceeded: "no answer in time"
        case let error as HTTPClientError where error == .connectTimeout: "no connection in time"
        case let error as HTTPClientError where error == .remoteConnectionClosed: "the connection was closed"
        default: String(String(describing: error).prefix(200))
        }
    }
}
