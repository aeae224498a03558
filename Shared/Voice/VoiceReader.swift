import CSndfile

/// Reads voice notes that strangers send.
package enum VoiceReader {
    /// Frames that are decoded at once.
    private static let block = 4_096

    /// The note as sound, its channels mixed to one.
    ///
    /// Of a header alone it is judged whether the note is too long, and decoding stops where it turns out to be, so a
    /// small file never becomes more than a minute of sound.
    package static func read(_ bytes: [UInt8]) throws(VoiceError) -> Recording {
        let format = VoiceFormat(bytes)
        let tape = Tape(try essence(of: bytes, format))
        var info = SF_INFO()
        guard let file = tape.open(SFM_READ, &info) else { throw .damaged }
        defer { withExtendedLifetime(tape) { _ = sf_close(file) } }
        let claimed = try check(info, format)
        let samples = try decoded(file, info)
        guard sf_error(file) == 0, samples.count >= claimed ?? 0 else { throw .damaged }
        guard !samples.isEmpty else { throw .empty }
        return Recording(rate: Int(info.samplerate), samples: samples)
    }

    /// What the library has to read: as little as can be of what a stranger wrote.
    private static func essence(of bytes: [UInt8], _ format: VoiceFormat) throws(VoiceError) -> [UInt8] {
        switch format {
        case .wav: return try WAVChunks.essence(of: bytes)
        case .flac: return try FLACBlocks.essence(of: bytes)
        case .ogg:
            try OggPages.check(bytes)
            return bytes
        case .mp3: return Array(bytes[(MP3Frames.start(in: bytes) ?? 0)...])
        case .unreadable(let name): throw .unreadable(name)
        case .other: throw .notAVoiceNote
        }
    }

    /// How many frames the file says it has; nil where its writer did not know.
    private static func check(_ info: SF_INFO, _ format: VoiceFormat) throws(VoiceError) -> Int? {
        guard expected(format).contains(Int(info.format) & SF_FORMAT_TYPEMASK) else { throw .damaged }
        guard (1...2).contains(info.channels) else { throw .channels(Int(info.channels)) }
        guard Recording.rates.contains(Int(info.samplerate)) else { throw .rate(Int(info.samplerate)) }
        // SF_COUNT_MAX, which is not imported.
        guard info.frames != .max else {
            // Of Opus the library knows the end, unless that is missing.
            guard format == .flac else { throw .damaged }
            return nil
        }
        guard info.frames <= Recording.most(at: Int(info.samplerate)) else { throw .tooLong }
        return Int(info.frames)
    }

    private static func expected(_ format: VoiceFormat) -> [Int] {
        switch format {
        case .wav: [SF_FORMAT_WAV, SF_FORMAT_WAVEX]
        case .flac: [SF_FORMAT_FLAC]
        case .ogg: [SF_FORMAT_OGG]
        case .mp3: [SF_FORMAT_MPEG]
        case .unreadable, .other: []
        }
    }

    private static func decoded(_ file: OpaquePointer, _ info: SF_INFO) throws(VoiceError) -> [Int16] {
        let channels = Int(info.channels)
        let most = Recording.most(at: Int(info.samplerate))
        var samples: [Int16] = []
        var frames = [Float](repeating: 0, count: block * channels)
        while true {
            let count = Int(sf_readf_float(file, &frames, sf_count_t(block)))
            guard count > 0 else { return samples }
            for frame in 0..<count {
                var sum: Float = 0
                for channel in 0..<channels { sum += frames[frame * channels + channel] }
                samples.append(sample(sum / Float(channels)))
            }
            guard samples.count <= most else { throw .tooLong }
        }
    }

    /// Decoders go a little beyond ±1, and a WAV of floating point may hold what is no number.
    private static func sample(_ value: Float) -> Int16 {
        guard !value.isNaN else { return 0 }
        return Int16(max(-32_768, min(32_767, (value * 32_768).rounded())))
    }
}
