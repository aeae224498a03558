package import Logging
import Synchronization

/// Writes records to partitions that the caller chooses, in order, and tells what became of each.
///
/// Idempotent, acknowledged by all in-sync replicas, never giving up by time: while the broker is away `send` waits. A
/// record whose acknowledgement was lost may be there twice (the mock cluster does that), so readers dedupe by id.
/// Always end with `close`: dropping the producer closes it too, but nobody waits for it.
package final class KafkaProducer: Sendable {
    private let native: NativeProducer

    /// Makes a producer.
    ///
    /// - Throws: `configuration` when librdkafka refuses a setting. No network is touched.
    package init(_ settings: KafkaSettings, logger: Logger = Logger(label: "kafka")) throws {
        native = try NativeProducer(settings, logger: logger)
    }

    deinit {
        let native = native
        native.stop.set()
        native.lane.post { native.close() }
    }

    /// Lends a producer to the body and closes it on every way out.
    package static func withProducer<Result>(
        _ settings: KafkaSettings, logger: Logger = Logger(label: "kafka"),
        isolation: isolated (any Actor)? = #isolation, _ body: (KafkaProducer) async throws -> Result
    ) async throws -> Result {
        let producer = try KafkaProducer(settings, logger: logger)
        let result: Result
        do {
            result = try await body(producer)
        } catch {
            await producer.close()
            throw error
        }
        await producer.close()
        return result
    }

    /// Sends the records in order and returns when each is acknowledged or has failed.
    ///
    /// Batches that are sent one after the other keep their order too. A record that failed does not hold back those
    /// behind it. When the task is cancelled the call ends at once; records already handed over may still be stored.
    ///
    /// - Returns: One report per record, in the order of the records.
    /// - Throws: `closed`, `fatal` (make a new producer), or `CancellationError`.
    package func send(_ records: [OutgoingRecord]) async throws -> [DeliveryReport] {
        let cancelled = StopSignal()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                native.lane.post { [native] in native.send(records, cancelled: cancelled, answer) }
            }
        } onCancel: {
            cancelled.set()
            native.lane.post { [native] in native.abandonCancelled() }
        }
    }

    /// Refuses new records, waits for acknowledgements up to the settings' `closeTimeout`, fails the rest, and frees
    /// the client.
    ///
    /// May be called twice. Is not cut short by cancellation.
    package func close() async {
        native.stop.set()
        await native.lane.finish { [native] in native.close() }
    }
}
