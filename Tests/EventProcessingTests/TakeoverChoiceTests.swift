import Contracts
import Testing

@testable import EventProcessing

/// Which copy a new owner goes on from: what it knows in, one choice out.
@Suite struct TakeoverChoiceTests {
    private static let here = "log-b"
    private static let elsewhere = "log-a"

    private func own(_ applied: Int64, log: String = here) -> StorePosition {
        StorePosition(
            log: log, offset: applied, published: 0, clock: Timestamp(milliseconds: 0), applied: applied)
    }

    private func snapshot(_ applied: Int64, log: String = here) -> SnapshotName {
        SnapshotName(
            processor: "points", partition: 2, applied: applied, offset: applied, log: log,
            checksum: String(repeating: "0", count: 64))
    }

    private func choice(
        own: StorePosition? = nil, _ snapshots: [SnapshotName] = [], sharesFile: Bool = false, first: Bool = true,
        isOpen: Bool? = true
    ) -> TakeoverChoice {
        TakeoverQuestion(
            log: Self.here, logIsFirst: first, own: own, snapshots: snapshots, sharesFile: sharesFile, isOpen: isOpen
        ).choice
    }

    @Test(arguments: [true, false])
    func `the copy of this log with most applied is gone on from`(sharesFile: Bool) {
        #expect(choice(own: own(7), [snapshot(5)], sharesFile: sharesFile) == .own)
        #expect(choice(own: own(7), [snapshot(7)], sharesFile: sharesFile) == .own)
        #expect(
            choice(own: own(7), [snapshot(9), snapshot(8), snapshot(3)], sharesFile: sharesFile)
                == .snapshots([snapshot(9), snapshot(8)]))
        #expect(choice([snapshot(9), snapshot(8)], sharesFile: sharesFile) == .snapshots([snapshot(9), snapshot(8)]))
    }

    @Test func `a copy of another log counts for nothing beside one of this`() {
        #expect(choice(own: own(2, log: Self.elsewhere), [snapshot(3)]) == .snapshots([snapshot(3)]))
        #expect(choice(own: own(3), [snapshot(99, log: Self.elsewhere)]) == .own)
    }

    @Test func `a copy that knew more than the one adopted into this log is not overwritten`() {
        let refusal = TakeoverChoice.refused(.betterCopy(own: 99, adopted: 3))
        #expect(choice(own: own(99, log: Self.elsewhere), [snapshot(3)]) == refusal)
    }

    @Test func `without any copy the first log is read from its beginning, and no other`() {
        #expect(choice() == .empty)
        #expect(choice(sharesFile: true) == .empty)
        #expect(choice(first: false) == .refused(.noCopy(log: Self.here)))
        #expect(choice(sharesFile: true, first: false) == .refused(.noCopy(log: Self.here)))
        // A partition that nobody ever opened is new, whatever the log is: a service that came later.
        #expect(choice(first: false, isOpen: false) == .empty)
        #expect(choice(first: false, isOpen: nil) == .refused(.noCopy(log: Self.here)))
    }

    @Test func `among hosts copies of another log alone are refused`() {
        let refusal = TakeoverChoice.refused(.foreignLog(known: Self.elsewhere, found: Self.here))
        #expect(choice(own: own(3, log: Self.elsewhere)) == refusal)
        #expect(choice([snapshot(3, log: Self.elsewhere)]) == refusal)
    }

    @Test func `on one machine a store goes on in a new log`() {
        #expect(choice(own: own(3, log: Self.elsewhere), sharesFile: true, first: false) == .own)
        #expect(
            choice(own: own(3, log: Self.elsewhere), [snapshot(2, log: Self.elsewhere)], sharesFile: true) == .own)
    }

    @Test func `on one machine a lost file is replaced only by a snapshot that was the last word`() {
        let old = [snapshot(8, log: Self.elsewhere), snapshot(5, log: Self.elsewhere)]
        #expect(choice(old, sharesFile: true, first: false, isOpen: false) == .snapshots([old[0]]))
        #expect(choice(old, sharesFile: true, first: false, isOpen: true) == .refused(.lostStore(applied: 8)))
        #expect(choice(old, sharesFile: true, first: false, isOpen: nil) == .refused(.lostStore(applied: 8)))
    }

    @Test func `a snapshot's key says all of it`() {
        let name = SnapshotName(
            processor: "case-routing", partition: 3, applied: 12_345, offset: 678, log: "0b1f-2c",
            checksum: String(repeating: "a", count: 64))
        #expect(
            name.key
                == "case-routing/3/0000000000012345.678.0b1f-2c.\(String(repeating: "a", count: 64)).sqlite")
        #expect(SnapshotName(key: name.key) == name)
        #expect(SnapshotName(key: "case-routing/3/open") == nil)
        #expect(SnapshotName(key: "case-routing/3/12.678.log.short.sqlite") == nil)
        #expect(SnapshotName(key: "case-routing/3/x/\(name.key)") == nil)
    }
}
