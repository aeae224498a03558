package import Hummingbird
import NIOCore
import ServiceLifecycle

/// Answers that go on: `text/event-stream`.
package enum ServerSentEvents {
    /// A reader who is this many events behind is cut off; it comes back with `Last-Event-ID` and gets what it missed.
    private static let mostWaiting = 256

    /// Sends every event of `events` until it ends, the reader leaves, or the program is asked to stop.
    ///
    /// - Parameter heartbeat: how often a comment is sent, so that proxies keep the connection and a reader who left
    ///   is noticed.
    package static func response<Events: AsyncSequence & Sendable>(
        _ events: Events, heartbeat: Duration = .seconds(15)
    ) -> Response where Events.Element == ServerSentEvent {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8",
                .cacheControl: "no-store",
                .xAccelBuffering: "no",
            ],
            body: .init { writer in
                try await write(events, heartbeat, to: &writer)
                try await writer.finish(nil)
            })
    }

    private static func write<Events: AsyncSequence & Sendable>(
        _ events: Events, _ heartbeat: Duration, to writer: inout any ResponseBodyWriter
    ) async throws where Events.Element == ServerSentEvent {
        let (frames, queue) = AsyncThrowingStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(mostWaiting))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await event in events {
                        guard case .enqueued = queue.yield(event.frame) else { break }
                    }
                    queue.finish()
                } catch {
                    queue.finish(throwing: error)
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: heartbeat)
                    queue.yield(": still here\n\n")
                }
            }
            group.addTask {
                try await gracefulShutdown()
                queue.finish()
            }
            defer { group.cancelAll() }
            for try await frame in frames {
                try await writer.write(ByteBuffer(string: frame))
            }
        }
    }
}

extension Request {
    /// Where a reader of a stream was when it lost the connection; nil at its first coming.
    package var lastEventID: String? {
        guard let id = headers[.lastEventID], !id.isEmpty, id.utf8.count <= 512 else { return nil }
        return id
    }
}
