package import Foundation

/// The root over all accounts of a ledger: a Merkle tree hash by RFC 6962, section 2.1, over the accounts by id.
///
/// A leaf is SHA-256 over a zero byte and `accountId`, `version`, `balance` and `hash` of the account, a line feed
/// between two; a node is SHA-256 over a one byte and its two children. Who is given the path from a leaf to the root
/// can check one account without seeing the others.
package struct PeriodRoot: Sendable {
    /// The roots of full subtrees, the largest first, with how many leaves each has.
    private var peaks: [(size: Int, hash: Data)] = []
    package private(set) var count = 0

    package init() {}

    package static func leaf(accountId: AccountID, version: Int, balance: Int, hash: String) -> Data {
        ContentHash.digest(Data([0]) + Data("\(accountId)\n\(version)\n\(balance)\n\(hash)".utf8))
    }

    /// Adds the next account; they come ordered by the bytes of their ids.
    package mutating func add(accountId: AccountID, version: Int, balance: Int, hash: String) {
        add(Self.leaf(accountId: accountId, version: version, balance: balance, hash: hash))
    }

    package mutating func add(_ leaf: Data) {
        count += 1
        peaks.append((1, leaf))
        while peaks.count > 1, peaks[peaks.count - 2].size == peaks[peaks.count - 1].size {
            let right = peaks.removeLast()
            let left = peaks.removeLast()
            peaks.append((left.size + right.size, Self.node(left.hash, right.hash)))
        }
    }

    /// In lower-case hex; of no account the hash of nothing.
    package var hex: String {
        guard var root = peaks.last?.hash else { return ContentHash.sha256(Data()) }
        for peak in peaks.dropLast().reversed() { root = Self.node(peak.hash, root) }
        return ContentHash.hex(root)
    }

    package static func node(_ left: Data, _ right: Data) -> Data { ContentHash.digest(Data([1]) + left + right) }

    /// The hashes beside the way from a leaf up to the root (RFC 6962, section 2.1.1), the lowest first, each with the
    /// side that it stands on.
    package static func path(to index: Int, in leaves: [Data]) -> [Step] {
        guard leaves.count > 1 else { return [] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let (left, right) = (Array(leaves[..<split]), Array(leaves[split...]))
        return index < split
            ? path(to: index, in: left) + [Step(hash: root(of: right), isLeft: false)]
            : path(to: index - split, in: right) + [Step(hash: root(of: left), isLeft: true)]
    }

    /// A hash beside the way to the root.
    package struct Step: Codable, Sendable, Equatable {
        /// In lower-case hex.
        package let hash: String
        package let isLeft: Bool

        package init(hash: Data, isLeft: Bool) {
            self.hash = ContentHash.hex(hash)
            self.isLeft = isLeft
        }
    }

    /// The root that a leaf leads to along a path, in lower-case hex.
    package static func root(from leaf: Data, along path: [Step]) -> String {
        ContentHash.hex(
            path.reduce(leaf) { hash, step in
                let other = ContentHash.bytes(hex: step.hash) ?? Data()
                return step.isLeft ? node(other, hash) : node(hash, other)
            })
    }

    private static func root(of leaves: [Data]) -> Data {
        var root = PeriodRoot()
        for leaf in leaves { root.add(leaf) }
        return ContentHash.bytes(hex: root.hex) ?? Data()
    }
}
