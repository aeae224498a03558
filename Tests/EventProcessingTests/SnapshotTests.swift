import Contracts
import Foundation
import GRDB
import ObjectStore
import TestSupport
import Testing

@testable import EventProcessing

/// Snapshots on real files: taken beside a working owner, found, checked, removed.
@Suite struct SnapshotTests {
    private let folder: TemporaryFolder
    private let settings: SnapshotSettings

    init() throws {
        folder = try TemporaryFolder()
        settings = SnapshotSettings(
            place: try ObjectPlace(
                text: folder.url.appending(path: "snapshots").path(percentEncoded: false), environment: [:]
            ).open())
    }

    private var shelf: SnapshotShelf { SnapshotShelf(place: settings.place, processor: "case-routing", partition: 0) }

    @Test func `a copy taken from a working store is the machine at some record, and stands alone`() async throws {
        let under = try await StoreUnderTest(TallyProcessor())
        for number in 1...5 { try await under.apply(RegisterReport.sample(number), at: 1_000) }
        let digest = try await under.store.digest()

        let name = try await SnapshotKeeper.take(of: under.store, settings: settings)
        try await under.apply(RegisterReport.sample(6), at: 1_000)

        #expect(name.applied == 5)
        #expect(name.offset == 5)
        let copy = folder.url.appending(path: "copy/0.sqlite")
        try FileManager.default.createDirectory(
            at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
        #expect(try await shelf.fetch(name, to: copy))
        let store = try PartitionStore(TallyProcessor(), partition: 0, at: copy, keepsAppliedRecords: true)
        #expect(try await store.digest() == digest)
        #expect(await store.position.applied == 5)
        try await store.close()
        let left = try FileManager.default.contentsOfDirectory(
            atPath: under.store.url.deletingLastPathComponent().path(percentEncoded: false))
        #expect(!left.contains { $0.contains("leaving") }, "\(left)")
    }

    @Test func `only the newest are kept, and the best comes first`() async throws {
        let under = try await StoreUnderTest(TallyProcessor())
        for number in 1...4 {
            try await under.apply(RegisterReport.sample(number), at: 1_000)
            _ = try await SnapshotKeeper.take(of: under.store, settings: settings)
        }

        #expect(try await shelf.snapshots().map(\.applied) == [4, 3])
    }

    @Test func `a snapshot with one changed byte is not given out`() async throws {
        let under = try await StoreUnderTest(TallyProcessor())
        try await under.apply(RegisterReport.sample(1), at: 1_000)
        let name = try await SnapshotKeeper.take(of: under.store, settings: settings)
        let file = folder.url.appending(path: "fetched")
        #expect(try await settings.place.get(name.key, to: file))
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try await settings.place.put(bytes, as: name.key)

        #expect(try await shelf.fetch(name, to: file) == false)
    }

    @Test func `one is due by records, by bytes or by time, and never twice at once`() async throws {
        var settings = settings
        settings.everyRecords = 10
        settings.everyBytes = 1_000
        func position(_ applied: Int64) -> StorePosition {
            StorePosition(
                log: "a", offset: applied, published: 0, clock: Timestamp(milliseconds: 0), applied: applied)
        }
        var keeper = SnapshotKeeper(settings, processor: "p", partition: 0, applied: 100)
        let name = SnapshotName(
            processor: "p", partition: 0, applied: 110, offset: 1, log: "a", checksum: String(repeating: "0", count: 64)
        )

        func isDue(_ keeper: inout SnapshotKeeper, at applied: Int64, _ comment: Comment = "", is expected: Bool) {
            let due = keeper.begin(at: position(applied))
            #expect(due == expected, "at \(applied): \(comment)")
        }
        isDue(&keeper, at: 100, is: false)
        isDue(&keeper, at: 109, is: false)
        isDue(&keeper, at: 110, is: true)
        isDue(&keeper, at: 130, "one is under way", is: false)
        keeper.ended(.success(name))
        #expect(keeper.last?.applied == 110)
        isDue(&keeper, at: 111, is: false)
        keeper.applied(bytes: 1_000)
        isDue(&keeper, at: 111, "by bytes", is: true)
        keeper.ended(.failure(CocoaError(.fileWriteNoPermission)))
        isDue(&keeper, at: 111, "after a failure it waits a moment", is: false)
        try await eventually("what failed is due once more, though nothing came since") {
            keeper.begin(at: position(111))
        }

        settings.every = .zero
        var impatient = SnapshotKeeper(settings, processor: "p", partition: 0, applied: 0)
        isDue(&impatient, at: 0, "nothing was applied", is: false)
        isDue(&impatient, at: 1, is: true)
    }
}
