import Contracts
import EventProcessing
import Hummingbird
import NIOCore
import Synchronization

/// The partitions of this process, for `suishoupai status` and whoever else wants to see who owns what.
final class OwnedPartitions: Sendable {
    private let reports: Mutex<[PartitionReport]> = Mutex([])

    func set(_ new: [PartitionReport]) { reports.withLock { $0 = new } }

    /// Adds `/partitions`: a JSON array, one object for each partition that this process was given.
    func addRoute<Context>(to router: some RouterMethods<Context>) {
        router.get("/partitions") { [self] _, _ in
            let bytes = try ContractCoding.encode(reports.withLock { $0 })
            return Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
