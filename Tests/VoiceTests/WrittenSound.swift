import CSndfile
import TestSupport

@testable import Voice

/// In which forms apps send voice notes.
enum SoundForm: CaseIterable, Sendable {
    case wav, wavOf8Bits, wavOf24Bits, wavOfFloats, wavOfALaw, flac, opus, mp3

    var isLossless: Bool { [.wav, .wavOf24Bits, .flac].contains(self) }

    fileprivate var code: Int {
        switch self {
        case .wav: SF_FORMAT_WAV | SF_FORMAT_PCM_16
        case .wavOf8Bits: SF_FORMAT_WAV | SF_FORMAT_PCM_U8
        case .wavOf24Bits: SF_FORMAT_WAVEX | SF_FORMAT_PCM_24
        case .wavOfFloats: SF_FORMAT_WAV | SF_FORMAT_FLOAT
        case .wavOfALaw: SF_FORMAT_WAV | SF_FORMAT_ALAW
        case .flac: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
        case .opus: SF_FORMAT_OGG | SF_FORMAT_OPUS
        case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
        }
    }

    /// Written by the library, with a title that others must not see.
    func written(_ samples: [Int16], rate: Int = 16_000, channels: Int = 1) throws -> [UInt8] {
        try WrittenSound.bytes(code, samples, rate: rate, channels: channels)
    }
}

enum WrittenSound {
    struct Unwritable: Error {}

    static let title = "recorded at the back door"
    static let vorbis = SF_FORMAT_OGG | SF_FORMAT_VORBIS
    static let adpcm = SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM

    static func bytes(_ code: Int, _ samples: [Int16], rate: Int = 16_000, channels: Int = 1) throws -> [UInt8] {
        let tape = Tape()
        var info = SF_INFO()
        info.samplerate = Int32(rate)
        info.channels = Int32(channels)
        info.format = Int32(code)
        guard let file = tape.open(SFM_WRITE, &info) else { throw Unwritable() }
        _ = sf_set_string(file, Int32(SF_STR_TITLE), title)
        _ = sf_command(file, Int32(SFC_SET_SCALE_INT_FLOAT_WRITE), nil, Int32(SF_TRUE))
        let written = sf_write_short(file, samples, sf_count_t(samples.count))
        guard sf_close(file) == 0, written == samples.count else { throw Unwritable() }
        return withExtendedLifetime(tape) { tape.bytes }
    }

    /// An Ogg Vorbis of 200 bytes whose head asks for a table of four million entries.
    static func hugeTable() -> [UInt8] {
        var head = Bits()
        head.add(0, 8)
        for (value, count) in [(0x56_4342, 24), (1, 16), (1 << 22, 24), (1, 1), (21, 5), (1 << 22, 23), (0, 4)] {
            head.add(value, count)
        }
        for count in [6, 16, 6] { head.add(0, count) }
        for (value, count) in [(1, 16), (0, 5), (0, 2), (7, 4), (0, 6), (0, 16), (0, 24), (0, 24), (0, 24), (0, 6)] {
            head.add(value, count)
        }
        for count in [8, 3, 1, 6, 16, 1, 1, 2, 8, 8, 8, 6, 1, 16, 16, 8] { head.add(0, count) }
        head.add(1, 1)
        var first = Array("\u{1}vorbis".utf8) + [0, 0, 0, 0, 1]
        first += [UInt8].littleEndian(16_000)
        first += [UInt8](repeating: 0, count: 12)
        first += [0x88, 1]
        let comment = Array("\u{3}vorbis".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 1]
        return page(2, 0, [first]) + page(0, 1, [comment, Array("\u{5}vorbis".utf8) + head.bytes])
            + page(4, 2, [[0, 0], [0, 0]])
    }

    /// A page of Ogg; its checksum is not looked at before its content.
    static func page(_ flags: UInt8, _ number: Int, stream: Int = 7, _ packets: [[UInt8]]) -> [UInt8] {
        var page = Array("OggS".utf8) + [0, flags, 0, 0, 0, 0, 0, 0, 0, 0]
        page += [UInt8].littleEndian(stream)
        page += [UInt8].littleEndian(number)
        page += [0, 0, 0, 0, UInt8(packets.count)]
        page += packets.map { UInt8($0.count) }
        for packet in packets { page += packet }
        return page
    }

    /// The pages of an Ogg with checksums that are right again: else the library passes over those that were changed.
    static func resealed(_ ogg: [UInt8]) -> [UInt8] {
        var result = ogg
        var position = 0
        while position + 27 <= result.count {
            let body = position + 27 + Int(result[position + 26])
            guard body <= result.count else { break }
            let end = body + result[position + 27..<body].reduce(0) { $0 + Int($1) }
            guard end <= result.count else { break }
            result.replaceSubrange(position + 22..<position + 26, with: [0, 0, 0, 0])
            let sum = checksum(result[position..<end])
            result.replaceSubrange(position + 22..<position + 26, with: [UInt8].littleEndian(Int(sum)))
            position = end
        }
        return result
    }

    /// CRC-32 as Ogg has it: the highest bit first, from zero.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte) << 24) { rest, _ in
                rest >> 31 == 1 ? rest << 1 ^ 0x04C1_1DB7 : rest << 1
            }
        }
    }

    private struct Bits {
        private var bits: [UInt8] = []

        mutating func add(_ value: Int, _ count: Int) {
            for bit in 0..<count { bits.append(UInt8(value >> bit & 1)) }
        }

        var bytes: [UInt8] {
            stride(from: 0, to: bits.count, by: 8).map { start in
                bits[start..<min(start + 8, bits.count)].reversed().reduce(0) { $0 << 1 | $1 }
            }
        }
    }
}
