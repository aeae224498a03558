import Foundation

/// Random numbers that can be had again: every generator prints its seed; run with `TEST_SEED=<seed>` to repeat a
/// failure.
package struct SeededGenerator: RandomNumberGenerator {
    package let seed: UInt64
    private var state: UInt64

    /// Takes the seed from `TEST_SEED`, else a fresh one, and prints it with the test's name.
    package init(_ test: String = #function) {
        let given = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) }
        seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
        state = seed
        print("\(test): TEST_SEED=\(seed)")
    }

    /// Repeats what another generator gave.
    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// SplitMix64.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// Seeds for a test over many histories: those that it always runs and so many fresh ones; with `TEST_SEED` that alone.
    package static func seeds(_ known: UInt64..., fresh: Int) -> [UInt64] {
        let given = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) }
        return given.map { [$0] } ?? known + (0..<fresh).map { _ in .random(in: 0...UInt64(UInt32.max)) }
    }
}
