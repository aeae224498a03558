import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import SystemPackage

/// Takes a backup of a data folder, whether or not anything runs on it.
struct BackupRun: Sendable {
    let folder: DataFolder
    let place: URL
    /// How long writers may be held; they wait five seconds for a lock before they fail.
    var patience = Duration.seconds(2)
    var progress = CountedProgress(isShown: false)

    /// - Throws: `ValidationError` where it makes no sense, `StoreCutError`, `StoreError` and `BackupFault`; then nothing
    ///   is left behind.
    func take() async throws -> BackupReport {
        try checkPlace()
        let draft = try DraftFolder(for: place, suffix: "partial", isPrivate: true)
        do {
            let manifest = try await fill(draft)
            try draft.put()
            return BackupReport(manifest, in: place)
        } catch {
            progress.finish()
            try draft.discard()
            throw error
        }
    }

    private func checkPlace() throws {
        let path = place.path(percentEncoded: false)
        guard FileKind(folder.url) == .folder else {
            throw ValidationError("There is no folder '\(folder.path)'. Give the one that 'suishoupai up' runs on.")
        }
        guard !place.isInside(.folder(named: folder.path)) else {
            throw ValidationError(
                "'\(path)' lies in the data folder. Give a place outside of it, best on another disk.")
        }
        guard FileKind(place.parent) == .folder else {
            throw ValidationError(
                "There is no folder '\(place.parent.path(percentEncoded: false))'. Make it first.")
        }
        guard try !place.isTaken() else {
            throw ValidationError("'\(path)' is not empty. Give a folder that is not there yet.")
        }
    }

    private func fill(_ draft: DraftFolder) async throws -> BackupManifest {
        let (cut, known, files) = try await cut()
        var copied: [BackupManifest.File] = []
        do {
            for (index, store) in cut.stores.enumerated() {
                progress.show(index, of: cut.stores.count, "stores")
                if !store.isEmpty { copied.append(try await copy(store, known[index], to: draft)) }
                try store.close()
            }
            for file in files { copied.append(try copy(file, to: draft)) }
        } catch {
            try cut.close()
            throw error
        }
        progress.finish()
        let manifest = BackupManifest(
            moment: cut.moment, lockedMilliseconds: Int(cut.held / .milliseconds(1)), files: copied)
        let file = try draft.file(BackupManifest.fileName)
        try Disk.make(file) { write in try write(ContractCoding.encode(manifest)) }
        try draft.settle(file, permissions: 0o600)
        return manifest
    }

    // MARK: - The moment

    /// All stores at one moment, what is known of their files, and the plain files as they stood then.
    private func cut() async throws -> (StoreCut, [DataFolderContents.Store], [OpenFile]) {
        let deadline = ContinuousClock.now + patience
        while true {
            let contents = try DataFolderContents(of: folder.url)
            guard !contents.stores.isEmpty else {
                throw ValidationError(
                    "There is no store in '\(folder.path)'. Give the folder that 'suishoupai up' runs on.")
            }
            let stores = contents.stores.map { folder.url.appending(path: $0.path) }
            do {
                let (cut, files) = try await StoreCut.take(of: stores, until: deadline) {
                    try filesBeside(contents.stores)
                }
                return (cut, contents.stores, files)
            } catch StoreCutError.changed where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    /// A store that came meanwhile is not held: what it says would be of a later moment than what the others know.
    private func filesBeside(_ held: [DataFolderContents.Store]) throws -> [OpenFile] {
        let now = try DataFolderContents(of: folder.url)
        guard now.stores == held else {
            let changed = Set(now.stores).symmetricDifference(held).map(\.path).min() ?? ""
            throw StoreCutError.changed(path: folder.url.appending(path: changed).path(percentEncoded: false))
        }
        return try now.files.compactMap { try OpenFile($0, in: folder.url) }
    }

    // MARK: - Copies

    private func copy(
        _ store: StoreView, _ known: DataFolderContents.Store, to draft: DraftFolder
    ) async throws -> BackupManifest.File {
        let file = try draft.file(known.path)
        try await store.copy(to: file)
        return try entry(known.path, file, permissions: known.permissions, store: store.place, in: draft)
    }

    private func copy(_ opened: OpenFile, to draft: DraftFolder) throws -> BackupManifest.File {
        let file = try draft.file(opened.path)
        try opened.copy(to: file)
        return try entry(opened.path, file, permissions: opened.permissions, store: nil, in: draft)
    }

    private func entry(
        _ path: String, _ file: URL, permissions: mode_t, store: BackupManifest.Store?, in draft: DraftFolder
    ) throws -> BackupManifest.File {
        try draft.settle(file, permissions: permissions)
        return BackupManifest.File(
            path: path, bytes: try file.fileSize(), sha256: try FileChecksum.sha256(of: file),
            mode: BackupManifest.File.mode(permissions), store: store)
    }
}

extension StoreView {
    /// What a manifest says of it; nil for one that is no processor's.
    fileprivate var place: BackupManifest.Store? {
        guard let position, let partition = Int(url.deletingPathExtension().lastPathComponent) else { return nil }
        return BackupManifest.Store(
            processor: url.deletingLastPathComponent().lastPathComponent, partition: partition,
            applied: position.applied, log: position.log, offset: position.offset)
    }
}

extension URL {
    func fileSize() throws -> Int64 {
        do throws(Errno) {
            return try Stat(FilePath(path(percentEncoded: false))).size
        } catch {
            throw BackupFault.unreached(self, errno: error.rawValue)
        }
    }
}
