import CSndfile

/// Writes voice notes as FLAC, with nothing in them but the sound.
package enum FLACWriter {
    package static func write(_ recording: Recording) throws(VoiceError) -> [UInt8] {
        let tape = Tape()
        var info = SF_INFO()
        info.samplerate = Int32(recording.rate)
        info.channels = 1
        info.format = Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        guard let file = tape.open(SFM_WRITE, &info) else { throw .damaged }
        let written = sf_write_short(file, recording.samples, sf_count_t(recording.samples.count))
        // The last of it is written when it is closed.
        let isClosed = withExtendedLifetime(tape) { sf_close(file) == 0 }
        guard isClosed, written == recording.samples.count else { throw .damaged }
        return tape.bytes
    }
}
