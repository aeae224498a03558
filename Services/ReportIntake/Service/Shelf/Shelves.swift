import Contracts
import Foundation
import Logging
import ObjectStore
import ReportIntakeDomain
import ServiceKit

/// All that reporters send before the report which names it.
struct Shelves: Sendable {
    let photos: PhotoShelf
    let voiceNotes: VoiceShelf

    /// Opens the shelves in one place, with a bench for both.
    ///
    /// - Parameter dataFolder: where the keys are that seal originals.
    /// - Throws: `DataFolderKeyError`.
    init(in store: any ObjectStore, dataFolder: URL, logger: Logger) throws {
        let bench = Bench()
        photos = PhotoShelf(
            store: store, seal: try DataFolderKey.load(.photos, in: dataFolder), bench: bench, logger: logger)
        voiceNotes = VoiceShelf(
            store: store, seal: try DataFolderKey.load(.voiceNotes, in: dataFolder), bench: bench, logger: logger)
    }
}

/// What a report brings along, as its event tells of it.
struct Attachments: Sendable {
    let photos: [ReportPhoto]
    let voiceNotes: [VoiceNote]

    /// With what came in the same request, behind what the report names.
    ///
    /// - Throws: ``ProblemDetails`` 422 where that is too much together, or one was named, too.
    func adding(_ brought: BroughtAlong) throws(ProblemDetails) -> Attachments {
        let all = Attachments(
            photos: photos + brought.photos.map { ReportPhoto($0.item) },
            voiceNotes: voiceNotes + brought.voiceNotes.map { VoiceNote($0.item) })
        var wrong: [ProblemDetails.FieldError] = []
        func check(_ ids: [String], _ field: String, atMost most: Int) {
            if ids.count > most {
                wrong.append(.init(field: field, message: "must be at most \(most) with those that are named"))
            }
            if Set(ids).count < ids.count { wrong.append(.init(field: field, message: "must not be named, too")) }
        }
        check(all.photos.map(\.id.rawValue), "photo", atMost: PhotoID.mostOfReport)
        check(all.voiceNotes.map(\.id.rawValue), "voiceNote", atMost: VoiceNoteID.mostOfReport)
        guard wrong.isEmpty else { throw .unprocessable(errors: wrong) }
        return all
    }
}

extension Shelves {
    /// Looks up what a report names.
    ///
    /// - Throws: ``ProblemDetails`` 422 that names each which its sender has not sent, 503 where they cannot be looked up.
    func attachments(of form: ReportForm, from sender: PersonID) async throws(ProblemDetails) -> Attachments {
        var missing: [ProblemDetails.FieldError] = []
        let kept = (
            photos: try await Self.found(form.photoIds, of: sender, on: photos, field: "photos", &missing),
            voiceNotes: try await Self.found(
                form.voiceNoteIds, of: sender, on: voiceNotes, field: "voiceNotes", &missing)
        )
        guard missing.isEmpty else { throw .unprocessable(errors: missing) }
        return Attachments(
            photos: kept.photos.map(ReportPhoto.init),
            voiceNotes: kept.voiceNotes.map { VoiceNote($0) })
    }

    /// Looks up photos alone.
    ///
    /// - Throws: ``ProblemDetails`` as ``attachments(of:from:)``.
    func photos(_ ids: [PhotoID], of sender: PersonID) async throws(ProblemDetails) -> [ReportPhoto] {
        var missing: [ProblemDetails.FieldError] = []
        let kept = try await Self.found(ids, of: sender, on: photos, field: "photos", &missing)
        guard missing.isEmpty else { throw .unprocessable(errors: missing) }
        return kept.map(ReportPhoto.init)
    }

    private static func found<Item: Shelved>(
        _ ids: [Identifier<Item.Named>], of sender: PersonID, on shelf: Shelf<Item>, field: String,
        _ missing: inout [ProblemDetails.FieldError]
    ) async throws(ProblemDetails) -> [Item] {
        var found: [Item] = []
        for (position, id) in ids.enumerated() {
            let item: Item?
            do { item = try await shelf.find(id, of: sender) } catch { throw Shelf<Item>.unreachable }
            if let item {
                found.append(item)
            } else {
                let kind = Item.kind
                missing.append(
                    .init(
                        field: "\(field)[\(position)]",
                        message: "is no \(kind.one) of yours: send it to \(kind.door) first"))
            }
        }
        return found
    }
}

extension VoiceNote {
    init(_ kept: KeptVoiceNote) { self.init(id: kept.id, seconds: kept.seconds) }
}

extension ReportPhoto {
    init(_ kept: KeptPhoto) { self.init(id: kept.id, look: kept.look) }
}
