import Contracts
import ReportIntakeDomain
import ServiceKit

/// Photos and voice notes that came in the same request as their report: they were read, and are not kept yet.
struct BroughtAlong: Sendable {
    static let none = BroughtAlong()

    fileprivate(set) var photos: [PhotoShelf.Ready] = []
    fileprivate(set) var voiceNotes: [VoiceShelf.Ready] = []

    var isEmpty: Bool { photos.isEmpty && voiceNotes.isEmpty }

    /// The report as if it had named them: it is the same one, whichever way its files came.
    func named(in json: JSONValue) -> JSONValue {
        guard !isEmpty, case .object(var members) = json else { return json }
        func add(_ ids: [String], to field: String) {
            guard !ids.isEmpty else { return }
            members[field] = .array((members[field]?.array ?? []) + ids.map { .string($0) })
        }
        add(photos.map(\.item.id.rawValue), to: "photos")
        add(voiceNotes.map(\.item.id.rawValue), to: "voiceNotes")
        return .object(members)
    }
}

extension Shelves {
    /// Reads what came along; nothing is kept.
    ///
    /// - Throws: ``ProblemDetails`` 422 that names what is none of its kind, 503 where it cannot be read at the moment.
    func read(
        photos: [ArraySlice<UInt8>], voiceNotes: [ArraySlice<UInt8>] = [], at moment: Timestamp
    ) async throws -> BroughtAlong {
        var brought = BroughtAlong()
        brought.photos = try await Self.read(
            photos, on: self.photos, field: "photo", most: PhotoID.mostOfReport, at: moment)
        brought.voiceNotes = try await Self.read(
            voiceNotes, on: self.voiceNotes, field: "voiceNote", most: VoiceNoteID.mostOfReport, at: moment)
        return brought
    }

    func keep(_ brought: BroughtAlong, by sender: PersonID) async throws {
        for photo in brought.photos { try await PhotoShelf.orProblem { try await photos.keep(photo, by: sender) } }
        for note in brought.voiceNotes {
            try await VoiceShelf.orProblem { try await voiceNotes.keep(note, by: sender) }
        }
    }

    private static func read<Item: Shelved>(
        _ files: [ArraySlice<UInt8>], on shelf: Shelf<Item>, field: String, most: Int, at moment: Timestamp
    ) async throws -> [Shelf<Item>.Ready] {
        let kind = Item.kind
        guard files.count <= most else {
            throw ProblemDetails.unprocessable(errors: [
                .init(field: field, message: "must come at most \(most) times")
            ])
        }
        var ready: [Shelf<Item>.Ready] = []
        for (position, file) in files.enumerated() {
            guard file.count <= kind.largest else {
                throw ProblemDetails.tooLarge("A \(kind.one) has at most \(kind.largest >> 20) MB: send a smaller one.")
            }
            let one = try await Shelf<Item>.orProblem(field: "\(field)[\(position)]") {
                try await shelf.read(Array(file), at: moment)
            }
            // The same picture twice is one picture.
            if !ready.contains(where: { $0.item.id == one.item.id }) { ready.append(one) }
        }
        return ready
    }
}

extension ReportDesk {
    /// Stores a report with what came along, which is kept only once nothing else speaks against the report.
    ///
    /// - Throws: ``ProblemDetails`` 503 where it cannot be stored at the moment.
    func add(_ entry: ReportEntry, with brought: BroughtAlong, from sender: Sender) async throws -> StoringOutcome {
        do {
            if !brought.isEmpty {
                try backlog.check()
                if try await store.isConflict(entry) { return .conflict }
                try await shelves.keep(brought, by: sender.id)
            }
            guard let outcome = try await add([entry]).first else { throw NotStored.storeFailed }
            return outcome
        } catch let reason as NotStored {
            throw reason.problem
        }
    }
}
