import Contracts

/// When a delivery that failed is tried again: the schedule of Standard Webhooks 1.0.0.
enum DeliveryRetry {
    /// After so many failed attempts a delivery is given up: about three days after the first.
    static let mostAttempts = pauses.count + 1

    /// Waiting after the n-th failed attempt, in seconds.
    private static let pauses: [Int64] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]

    /// A provider's word is followed up to a day: some name a moment of the next century.
    static let longestWord: Int64 = 86_400_000

    /// Waiting after the n-th failed attempt, in milliseconds: the schedule, and up to a fifth of it more, so that
    /// those that failed together do not come back together.
    ///
    /// - Parameter retryAfter: The least that the provider wants, in milliseconds.
    static func pause(after tries: Int, of id: DeliveryID, retryAfter: Int64?) -> Int64 {
        let scheduled = pauses[min(max(tries, 1), pauses.count) - 1] * 1_000
        let least = max(scheduled, min(retryAfter ?? 0, longestWord))
        return least + spread(over: least / 5, by: "\(id.rawValue)|\(tries)")
    }

    /// A number from 0 to `width` that follows from a text, the same on every machine (FNV-1a, 64 bits, mixed once more
    /// since its upper bits hardly see the last letters).
    static func spread(over width: Int64, by text: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return Int64(hash % UInt64(max(width, 0) + 1))
    }
}
