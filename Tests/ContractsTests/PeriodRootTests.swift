import Contracts
import Foundation
import Testing

private let accounts = (0..<9).map { number in
    PeriodRoot.leaf(
        accountId: AccountID("available:nanchang:rider-\(number)"), version: number, balance: number * 10,
        hash: "\(number)")
}

private func root(of leaves: [Data]) -> String {
    var root = PeriodRoot()
    for leaf in leaves { root.add(leaf) }
    return root.hex
}

/// As RFC 6962 writes it down: split at the largest power of two below the number of leaves.
private func byDefinition(_ leaves: [Data]) -> Data {
    guard leaves.count > 1 else { return leaves.first ?? ContentHash.digest(Data()) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return PeriodRoot.node(byDefinition(Array(leaves[..<split])), byDefinition(Array(leaves[split...])))
}

@Test func `the root is the Merkle tree hash of RFC 6962`() {
    for count in 0...accounts.count {
        let leaves = Array(accounts.prefix(count))
        #expect(root(of: leaves) == ContentHash.hex(byDefinition(leaves)), "\(count)")
    }
    // SHA-256 of nothing, as for an empty tree.
    #expect(root(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}

@Test func `a path leads from each account to the root, and from no other`() {
    for count in 1...accounts.count {
        let leaves = Array(accounts.prefix(count))
        for index in leaves.indices {
            let path = PeriodRoot.path(to: index, in: leaves)
            #expect(PeriodRoot.root(from: leaves[index], along: path) == root(of: leaves))
            #expect(PeriodRoot.root(from: accounts[(index + 1) % 9], along: path) != root(of: leaves))
        }
    }
}

@Test func `hex is read as it was written, and nothing else is`() {
    let bytes = ContentHash.digest(Data("x".utf8))
    #expect(ContentHash.bytes(hex: ContentHash.hex(bytes)) == bytes)
    #expect(
        ContentHash.bytes(hex: "0g") == nil && ContentHash.bytes(hex: "abc") == nil
            && ContentHash.bytes(hex: "AB") == nil)
}
