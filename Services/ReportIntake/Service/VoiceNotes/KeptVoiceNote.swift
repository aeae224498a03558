import Contracts
import Voice

/// A voice note that was taken in: what it is called, and how long it is.
struct KeptVoiceNote: Equatable, Sendable {
    let id: VoiceNoteID
    /// Whole seconds, rounded up.
    let seconds: Int
    let uploadedAt: Timestamp
}

typealias VoiceShelf = Shelf<KeptVoiceNote>

extension KeptVoiceNote: Shelved {
    typealias Refusal = VoiceError

    /// A minute of 48,000 samples of 16 bits a second is 5.8 MB.
    static let kind = ShelfKind(folder: "voice-notes", one: "voice note", many: "voice notes", largest: 6 << 20)
    /// What others hear: written anew, with nothing in it but the sound.
    static let heard = "heard.flac"

    static func make(of bytes: [UInt8], id: VoiceNoteID, at moment: Timestamp) throws -> ShelfPiece<KeptVoiceNote> {
        let recording = try VoiceReader.read(bytes)
        return ShelfPiece(
            item: KeptVoiceNote(id: id, seconds: recording.seconds, uploadedAt: moment),
            parts: [(heard, try FLACWriter.write(recording))])
    }
}
