import TestSupport
import Testing

@testable import Voice

private let tone = SampleSound.tone(seconds: 1.5)

private func refusal(_ bytes: [UInt8]) -> VoiceError? {
    do {
        _ = try VoiceReader.read(bytes)
        return nil
    } catch {
        return error
    }
}

/// How loud it is: the mean of what the samples are without their signs.
private func loudness(_ samples: [Int16]) -> Int { samples.reduce(0) { $0 + abs(Int($1)) } / max(1, samples.count) }

@Test(arguments: SoundForm.allCases)
func `whichever form a note comes in, it sounds alike`(form: SoundForm) throws {
    let recording = try VoiceReader.read(try form.written(tone))

    #expect(recording.rate == 16_000)
    #expect(recording.seconds == 2)
    #expect(abs(recording.samples.count - tone.count) < 200)
    #expect(abs(loudness(recording.samples) - loudness(tone)) < 400)
    if form.isLossless { #expect(recording.samples == tone) }
}

@Test func `what others hear is the same sound, and nothing else`() throws {
    let list = SampleSound.chunk("LIST", Array("INFOINAM".utf8) + Array(WrittenSound.title.utf8) + [0])
    let notes = [
        SampleSound.wav(tone, more: list), try SoundForm.flac.written(tone), try SoundForm.opus.written(tone),
        try SoundForm.mp3.written(tone),
    ]
    for note in notes {
        let recording = try VoiceReader.read(note)
        let heard = try FLACWriter.write(recording)

        #expect(note.contains(WrittenSound.title.utf8))
        #expect(!heard.contains(WrittenSound.title.utf8))
        #expect(try VoiceReader.read(heard) == recording)
        #expect(VoiceFormat(heard) == .flac)
    }
}

@Test func `two channels become one`() throws {
    let both: [Int16] = (0..<1_000).flatMap { _ in [1_000, 3_000] as [Int16] }

    let recording = try VoiceReader.read(SampleSound.wav(both, channels: 2))

    #expect(recording.samples == [Int16](repeating: 2_000, count: 1_000))
    #expect(refusal(SampleSound.wav(both + [1], channels: 3)) == .channels(3))
}

@Test func `what is beyond all sound, or no number, is cut`() throws {
    var floats = try SoundForm.wavOfFloats.written(tone)
    let (nothing, most, least): ([UInt8], [UInt8], [UInt8]) = (
        [0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0x7F], [0, 0, 0x80, 0xFF]
    )
    floats.replaceSubrange(floats.count - 12..<floats.count, with: nothing + most + least)

    #expect(try VoiceReader.read(floats).samples.suffix(3) == [0, 32_767, -32_768])
}

@Test(arguments: [8_000, 11_025, 16_000, 44_100, 48_000])
func `a minute is taken, whatever the rate, and not much more`(rate: Int) throws {
    func note(_ milliseconds: Int) -> [UInt8] {
        SampleSound.wav([Int16](repeating: 0, count: rate * milliseconds / 1_000), rate: rate)
    }

    #expect(try VoiceReader.read(note(60_000)).seconds == 60)
    #expect(try VoiceReader.read(note(60_250)).seconds == 60)
    #expect(refusal(note(60_260)) == .tooLong)
    #expect(try VoiceReader.read(note(1)).seconds == 1)
    #expect(try VoiceReader.read(note(1_001)).seconds == 2)
}

@Test(arguments: [SoundForm.flac, .opus, .mp3])
func `a minute of a coding that pads is taken too`(form: SoundForm) throws {
    let silence = [Int16](repeating: 0, count: 60 * 16_000)

    #expect(try VoiceReader.read(try form.written(silence)).seconds == 60)
    #expect(refusal(try form.written(silence + silence)) == .tooLong)
}

@Test func `rates beyond those of voices are refused`() throws {
    for rate in [7_999, 48_001, 96_000, 4_000] {
        #expect(refusal(SampleSound.wav(tone, rate: rate)) == .rate(rate))
    }
    #expect(refusal(try SoundForm.flac.written(tone, rate: 96_000)) == .rate(96_000))
}

@Test func `a note without sound is refused`() throws {
    #expect(refusal(SampleSound.wav([])) == .empty)
    var flac = Array(try SoundForm.flac.written(tone).prefix(42))
    flac.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    flac[4] |= 0x80
    #expect(refusal(flac) == .empty)
    #expect(refusal([]) == .notAVoiceNote)
}

@Test(arguments: SoundForm.allCases)
func `a note that broke off on its way is refused`(form: SoundForm) throws {
    let whole = try form.written(tone)

    for rest in [whole.count / 2, whole.count / 8, 50, 13] {
        let error = refusal(Array(whole.prefix(rest)))
        // Of an MP3 there may be nothing left but a piece of its tag.
        #expect(error == .damaged || form == .mp3 && error == .notAVoiceNote, "\(rest) bytes of \(whole.count)")
    }
}

@Test func `a WAV that claims more than it holds is refused, and one that does not know is taken`() throws {
    var wav = SampleSound.wav(tone)
    wav.replaceSubrange(40..<44, with: [UInt8].littleEndian(tone.count * 2 + 2))
    #expect(refusal(wav) == .damaged)
    wav.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try VoiceReader.read(wav).samples == tone)
    #expect(refusal(try WrittenSound.bytes(WrittenSound.adpcm, tone)) == .wavCoding)
}

@Test func `a FLAC that claims more than it holds is refused, and a small one never becomes hours`() throws {
    func flac(_ samples: [Int16], claiming claim: Int) throws -> [UInt8] {
        var bytes = try SoundForm.flac.written(samples)
        bytes[21] = bytes[21] & 0xF0 | UInt8(claim >> 32 & 0xF)
        bytes.replaceSubrange(22..<26, with: [UInt8].littleEndian(claim).reversed())
        return bytes
    }
    #expect(refusal(try flac(tone, claiming: tone.count + 1)) == .damaged)
    #expect(refusal(try flac(tone, claiming: 1 << 35)) == .tooLong)
    #expect(try VoiceReader.read(try flac(tone, claiming: 0)).samples == tone)
    let bomb = try flac([Int16](repeating: 0, count: 16_000 * 1_200), claiming: 0)
    #expect(bomb.count < 200_000)
    #expect(refusal(bomb) == .tooLong)
}

@Test func `Ogg is taken with one stream of Opus only`() throws {
    let opus = try SoundForm.opus.written(tone)

    #expect(refusal(try WrittenSound.bytes(WrittenSound.vorbis, tone)) == .unreadable("Ogg Vorbis"))
    // Handed to libvorbis it would end the process.
    #expect(refusal(WrittenSound.hugeTable()) == .unreadable("Ogg Vorbis"))
    #expect(refusal(opus + opus) == .unreadable("Ogg with more than one stream"))
    #expect(refusal(WrittenSound.page(2, 0, [Array("\u{80}theora".utf8)])) == .unreadable("Ogg without Opus"))
    // A page whose checksum is wrong is passed over, and then nobody knows where the note ends.
    var changed = opus
    changed[changed.count - 1] ^= 1
    #expect(refusal(changed) == .damaged)
    var many = opus
    many[37] = 6
    #expect(refusal(many) == .channels(6))
}

@Test(
    arguments: [
        ([0x1A, 0x45, 0xDF, 0xA3], "WebM"), ([0, 0, 0, 28] + Array("ftypM4A ".utf8), "MP4 (M4A, AAC)"),
        ([0, 0, 0, 28] + Array("ftyp3gp4".utf8), "3GP"), (Array("#!AMR\n".utf8), "AMR"),
        ([2] + Array("#!SILK_V3".utf8), "SILK"), ([0xFF, 0xF1, 0x50, 0x80], "AAC"), (Array("caff".utf8), "CAF"),
    ] as [([UInt8], String)])
func `what phones record besides is refused by its name`(bytes: [UInt8], name: String) {
    let error = refusal(bytes + [UInt8](repeating: 0, count: 64))

    #expect(error == .unreadable(name))
    #expect(error?.description == "is \(name), which cannot be read here: send WAV, FLAC, Ogg (Opus) or MP3")
}

@Test func `what is no sound is refused, whatever it calls itself`() throws {
    // Behind a tag of MP3 the library would take whatever sound it knows.
    let tagged = Array("ID3".utf8) + [3, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]
    #expect(refusal(tagged + SampleSound.wav(tone)) == .notAVoiceNote)
    #expect(refusal(tagged + (try SoundForm.mp3.written(tone))) == nil)
    #expect(refusal(Array("<svg onload=…>".utf8)) == .notAVoiceNote)
    #expect(refusal(Array("RIFF\u{8}\0\0\0AVI ".utf8)) == .notAVoiceNote)
    #expect(refusal([0xFF, 0xFB]) == .notAVoiceNote)
}

@Test func `whatever arrives is a recording or a refusal`() throws {
    var generator = SeededGenerator("voice notes")
    let short = SampleSound.tone(seconds: 0.4)
    let originals = try SoundForm.allCases.map { try $0.written(short) }
    var recordings = 0
    for round in 0..<4_000 {
        var bytes = originals[round % originals.count]
        let reach = Bool.random(using: &generator) ? bytes.count : min(bytes.count, 120)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            bytes[Int.random(in: 0..<reach, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
        if VoiceFormat(bytes) == .ogg { bytes = WrittenSound.resealed(bytes) }
        do {
            let recording = try VoiceReader.read(bytes)
            #expect((1...60).contains(recording.seconds))
            recordings += 1
        } catch {
            #expect(!error.description.isEmpty)
        }
    }
    #expect(recordings > 100, "some damage leaves a recording")
}
