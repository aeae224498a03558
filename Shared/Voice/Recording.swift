/// A voice note as sound: one channel of 16-bit samples.
package struct Recording: Equatable, Sendable {
    /// How many seconds a note may have.
    package static let longest = 60
    /// What codecs add at the beginning and the end, in milliseconds: a whole note of 60 seconds is good.
    private static let padding = 250
    static let rates = 8_000...48_000

    /// Samples a second.
    package let rate: Int
    package let samples: [Int16]

    package init(rate: Int, samples: [Int16]) {
        self.rate = rate
        self.samples = samples
    }

    /// Whole seconds, rounded up; what codecs added beyond the longest is not counted.
    package var seconds: Int { min(Self.longest, (samples.count + rate - 1) / rate) }

    /// So many samples a note has at most.
    static func most(at rate: Int) -> Int { rate * (Self.longest * 1_000 + padding) / 1_000 }
}
