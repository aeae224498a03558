import Foundation

/// Sound made for tests.
package enum SampleSound {
    /// A tone of 440 Hz at half strength.
    package static func tone(seconds: Double, rate: Int = 16_000) -> [Int16] {
        (0..<Int(seconds * Double(rate))).map { Int16(16_000 * sin(Double($0) * 880 * .pi / Double(rate))) }
    }

    /// A WAV of 16-bit samples, as recorders write it.
    ///
    /// - Parameter more: chunks between its head and its samples.
    package static func wav(
        _ samples: [Int16], rate: Int = 16_000, channels: Int = 1, more: [UInt8] = []
    ) -> [UInt8] {
        var form: [UInt8] = []
        for (value, bytes) in [
            (1, 2), (channels, 2), (rate, 4), (rate * channels * 2, 4), (channels * 2, 2), (16, 2),
        ] { form += number(value, bytes) }
        let chunks = chunk("fmt ", form) + more + chunk("data", samples.withUnsafeBytes { Array($0) })
        return chunk("RIFF", Array("WAVE".utf8) + chunks)
    }

    package static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        Array(name.utf8) + number(body.count, 4) + body
    }

    /// Its lowest byte first.
    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
