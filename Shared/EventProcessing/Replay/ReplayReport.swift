/// Whether a store is what its own log makes of it: the proof that decisions follow from the log alone.
package struct ReplayReport: Codable, Sendable, Equatable {
    package let partition: Int
    /// How many records the store had ever applied.
    package let applied: Int
    /// How many records the copy had applied that the replay began with: 0 for an empty store, more for a snapshot.
    package let start: Int
    /// How many records were applied once more.
    package let records: Int
    package let digest: String
    package let replayedDigest: String
    /// How many outbox rows there are, and the number of the first that differs.
    package let outputs: Int
    package let firstDifference: Int?
    /// Why the replay did not reach the store's own position; nil where it did.
    package let incomplete: String?

    package var isEqual: Bool { digest == replayedDigest && firstDifference == nil && incomplete == nil }

    /// What came of it, in words.
    package var verdict: String {
        guard !isEqual else { return "equal" }
        return incomplete ?? firstDifference.map { "outbox row \($0) differs" } ?? "tables differ"
    }
}
