import Contracts
import Hummingbird
import ServiceKit
import Voice

/// The door for voice notes: sent before the report that names them.
///
/// - `POST /v1/voice-notes`: the bytes of one WAV, FLAC, Ogg (Opus) or MP3 → its id and length.
/// - `GET /v1/voice-notes/{id}`: what others hear of it, as FLAC.
/// - `GET /v1/voice-notes/{id}/original`: as it was sent, for verifiers; each look is logged.
struct VoiceNoteRoutes: Sendable {
    let door: ShelfDoor<KeptVoiceNote>

    init(shelf: VoiceShelf, quotas: Quotas, now: @escaping @Sendable () -> Timestamp) {
        door = ShelfDoor(shelf: shelf, quotas: quotas, now: now)
    }

    func add(to router: Router<ServiceRequestContext>) {
        let notes = router.group("v1/voice-notes", context: AuthenticatedRequestContext.self)
        notes.post { request, context in
            try await door.take(request, context) { note in
                ["voiceNoteId": .string(note.id.rawValue), "seconds": .integer(Int64(note.seconds))]
            }
        }
        notes.get("{id}") { _, context in
            try await door.show(KeptVoiceNote.heard, type: VoiceFormat.flac.mediaType, context)
        }
        notes.get("{id}/original") { _, context in
            try await door.showOriginal(context) { VoiceFormat($0).mediaType }
        }
    }
}
