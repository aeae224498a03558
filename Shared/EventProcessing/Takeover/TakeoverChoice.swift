import Contracts

/// What a new owner of a partition knows before it chooses the copy to go on from.
struct TakeoverQuestion: Sendable {
    /// The log that the broker keeps now, and whether it is the first that this deployment ever had.
    let log: String
    let logIsFirst: Bool
    /// Where the file in the own data folder stands; nil where there is none, or none that can be read.
    let own: StorePosition?
    /// The snapshots of the partition; empty too where none are taken.
    let snapshots: [SnapshotName]
    /// Whether all owners of this partition work on this very file, one after the other.
    let sharesFile: Bool
    /// Whether somebody may have applied more than the newest snapshot holds; nil where there is no place for snapshots.
    let isOpen: Bool?
}

/// Which copy a new owner goes on from.
enum TakeoverChoice: Sendable, Equatable {
    case own
    /// The best first; a damaged one is passed over for the next.
    case snapshots([SnapshotName])
    /// Nobody has applied anything that counts: from the beginning of the log.
    case empty
    case refused(TakeoverRefusal)
}

/// Why a partition is not taken.
///
/// Going on would contradict what earlier owners have published.
package enum TakeoverRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// Copies there are, but of another log than the broker's.
    case foreignLog(known: String, found: String)
    /// The own file knows more than the copy that was adopted into this log.
    case betterCopy(own: Int64, adopted: Int64)
    /// The store is gone and no snapshot holds all that it knew.
    case lostStore(applied: Int64)
    /// No copy at all, though there was a log before this one.
    case noCopy(log: String)
    /// The log begins behind the place to go on from.
    case lostBeginning(offset: Int64, begins: Int64)
    /// Every snapshot that would do is damaged.
    case damaged(count: Int)
    /// Where the snapshots lie cannot be reached, and the own file alone does not do.
    case shelfAway(reason: String)
    /// The store was decided by a logic that this program does not know.
    case foreignLogic(store: Int, oldest: Int, newest: Int)

    package var description: String {
        switch self {
        case .foreignLog(let known, let found):
            "the copies of this partition belong to log \(known), the broker keeps log \(found): point the program at the "
                + "right cluster, or, where log \(known) is lost, run 'suishoupai log adopt'"
        case .betterCopy(let own, let adopted):
            "this host's copy has \(own) records, the one that was adopted into this log \(adopted): it was left out when "
                + "'suishoupai log adopt' chose. Look into it before you move the file away"
        case .lostStore(let applied):
            "the store is gone, and the newest snapshot (\(applied) records) may lack what it knew: "
                + "bring the file back"
        case .noCopy(let log):
            "there is no copy of this partition, and log \(log) is not the first: bring its file or a "
                + "snapshot"
        case .lostBeginning(let offset, let begins):
            "the log begins at \(begins), the best copy of this partition goes on from \(offset): bring a newer copy"
        case .damaged(let count):
            "none of the \(count) snapshots that would do has the bytes that were stored: bring the file or another copy"
        case .shelfAway(let reason):
            "the snapshots cannot be reached (\(reason)), and no own copy goes on from here: it is tried again"
        case .foreignLogic(let store, let oldest, let newest):
            "the store was decided by logic \(store), this program knows \(oldest) to \(newest): start the program of that "
                + "version"
        }
    }
}

extension TakeoverQuestion {
    /// The copy with most applied among those that this log can bring further.
    var choice: TakeoverChoice {
        let usable = snapshots.filter { $0.log == log }
        let ownCounts = own.map { $0.log == log } ?? false
        if !sharesFile, !ownCounts, let own, let newest = usable.first, newest.applied < own.applied {
            return .refused(.betterCopy(own: own.applied, adopted: newest.applied))
        }
        if ownCounts || !usable.isEmpty { return best(ownCounts ? own : nil, usable) }
        guard sharesFile else {
            if let own { return .refused(.foreignLog(known: own.log, found: log)) }
            if let newest = snapshots.first { return .refused(.foreignLog(known: newest.log, found: log)) }
            return logIsFirst || isOpen == false ? .empty : .refused(.noCopy(log: log))
        }
        // On one machine a store goes on by itself in a new log: whatever was said before stands in its file.
        if let own { return best(own, snapshots) }
        guard let newest = snapshots.first else {
            return logIsFirst || isOpen == false ? .empty : .refused(.noCopy(log: log))
        }
        return isOpen == false ? .snapshots([newest]) : .refused(.lostStore(applied: newest.applied))
    }

    private func best(_ own: StorePosition?, _ snapshots: [SnapshotName]) -> TakeoverChoice {
        let better = snapshots.filter { $0.applied > own?.applied ?? -1 }
        return better.isEmpty ? .own : .snapshots(better)
    }
}
