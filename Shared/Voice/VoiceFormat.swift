/// What bytes are, by what they say themselves; never by a name or a header that came with them.
package enum VoiceFormat: Sendable, Equatable {
    case wav
    case flac
    case ogg
    case mp3
    /// What recorders also write, and cannot be read here: by its name.
    case unreadable(String)
    case other

    package init(_ bytes: [UInt8]) {
        if bytes.has("RIFF", at: 0), bytes.has("WAVE", at: 8) {
            self = .wav
        } else if bytes.has("fLaC", at: 0) {
            self = .flac
        } else if bytes.has("OggS", at: 0) {
            self = .ogg
        } else if MP3Frames.start(in: bytes) != nil {
            self = .mp3
        } else if let name = Self.unreadableName(of: bytes) {
            self = .unreadable(name)
        } else {
            self = .other
        }
    }

    /// Such as `audio/flac`.
    package var mediaType: String {
        switch self {
        case .wav: "audio/wav"
        case .flac: "audio/flac"
        case .ogg: "audio/ogg"
        case .mp3: "audio/mpeg"
        case .unreadable, .other: "application/octet-stream"
        }
    }

    private static func unreadableName(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "WebM" }
        if bytes.has("ftyp3g", at: 4) { return "3GP" }
        if bytes.has("ftyp", at: 4) { return "MP4 (M4A, AAC)" }
        if bytes.has("#!AMR", at: 0) { return "AMR" }
        // Chinese messengers put a byte before it.
        if bytes.has("#!SILK", at: 0) || bytes.has("#!SILK", at: 1) { return "SILK" }
        // ADTS: like an MP3's frame, but of layer 0.
        if bytes.has("ADIF", at: 0) || bytes.count > 1 && bytes[0] == 0xFF && bytes[1] & 0xF6 == 0xF0 { return "AAC" }
        if bytes.has("caff", at: 0) { return "CAF" }
        if bytes.has("FORM", at: 0) { return "AIFF" }
        if bytes.starts(with: [0x30, 0x26, 0xB2, 0x75]) { return "WMA" }
        return nil
    }
}

/// Why bytes are not taken as a voice note, said to who sent them.
package enum VoiceError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAVoiceNote
    /// By the name of what it is.
    case unreadable(String)
    /// A WAV is little more than a label: it may hold anything.
    case wavCoding
    case empty
    case tooLong
    case channels(Int)
    /// Samples a second.
    case rate(Int)
    case damaged

    package var description: String {
        switch self {
        case .notAVoiceNote: "is no voice note that is known here: \(Self.advice)"
        case .unreadable(let name): "is \(name), which cannot be read here: \(Self.advice)"
        case .wavCoding: "is WAV in a coding that cannot be read here: send it as 16-bit PCM"
        case .empty: "has no sound in it: record it again"
        case .tooLong: "is longer than \(Recording.longest) seconds: send a shorter one, or several"
        case .channels(let count): "has \(count) channels: send it in mono or stereo"
        case .rate(let rate): "has \(rate) samples a second: send it with 8,000 to 48,000"
        case .damaged: "is damaged or arrived incomplete: send it again"
        }
    }

    private static let advice = "send WAV, FLAC, Ogg (Opus) or MP3"
}
