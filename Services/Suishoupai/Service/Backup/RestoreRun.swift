import ArgumentParser
import Contracts
import EventProcessing
import Foundation

/// Brings a backup back as a data folder that nothing runs on.
struct RestoreRun: Sendable {
    let backup: URL
    let place: URL
    /// Whether a folder that is there may be set aside.
    var replaces = false
    /// Whether the folders of hosts become one.
    var isOneFolder = false
    var progress = CountedProgress(isShown: false)

    /// - Throws: `ValidationError` where it is refused, and `BackupFault`; then everything is as it was.
    func bring() throws -> RestoreReport {
        let isTaken = try checkPlace()
        let manifest = try BackupManifest.read(in: backup)
        try checkFiles(of: manifest)
        let placed = isOneFolder ? try manifest.inOneFolder() : manifest.asTheyWere
        let use = isTaken ? try FolderUse.refusing(place) : nil
        defer { withExtendedLifetime(use) {} }
        let draft = try DraftFolder(for: place, suffix: "restoring", isPrivate: false)
        do {
            for (index, file) in placed.enumerated() {
                progress.show(index, of: placed.count, "files")
                try copy(file, to: draft)
            }
            progress.finish()
            let aside = try put(draft, isTaken: isTaken)
            return RestoreReport(manifest.moment, placed, in: place, setAside: aside)
        } catch {
            progress.finish()
            try draft.discard()
            throw error
        }
    }

    /// Whether there is something that has to be set aside.
    private func checkPlace() throws -> Bool {
        let path = place.path(percentEncoded: false)
        guard FileKind(backup) == .folder else {
            throw ValidationError(
                "There is no folder '\(backup.path(percentEncoded: false))'. Give one that 'suishoupai backup' has made."
            )
        }
        guard !place.isInside(backup), !backup.isInside(place) else {
            throw ValidationError("'\(path)' and the backup lie in one another. Give two places that do not.")
        }
        guard FileKind(place.parent) == .folder else {
            throw ValidationError(
                "There is no folder '\(place.parent.path(percentEncoded: false))'. Make it first.")
        }
        guard try place.isTaken() else { return false }
        guard FileKind(place) == .folder else {
            throw ValidationError("'\(path)' is no folder. Give another place.")
        }
        guard replaces else {
            throw ValidationError(
                "'\(path)' is not empty. Give another folder, or --replace: then it is set aside whole, with its snapshots, "
                    + "as '\(path).before-restore-…', and nothing of it is lost.")
        }
        return true
    }

    /// What can be seen at a glance is seen before anything large is copied.
    private func checkFiles(of manifest: BackupManifest) throws {
        let folder = backup.path(percentEncoded: false)
        for file in manifest.files {
            let url = backup.appending(path: file.path)
            guard FileKind(url).isFile else { throw BackupFault.missing(file: file.path, folder: folder) }
            guard try url.fileSize() == file.bytes else { throw BackupFault.damaged(file: file.path, folder: folder) }
        }
    }

    /// It is the copy that is looked at: nothing is put in place that was not read back.
    private func copy(_ placed: PlacedFile, to draft: DraftFolder) throws {
        let file = placed.file
        let copy = try draft.file(placed.path)
        guard let opened = try OpenFile(file.path, in: backup), let permissions = file.permissions else {
            throw BackupFault.missing(file: file.path, folder: backup.path(percentEncoded: false))
        }
        try opened.copy(to: copy)
        guard try FileChecksum.sha256(of: copy) == file.sha256 else {
            throw BackupFault.damaged(file: file.path, folder: backup.path(percentEncoded: false))
        }
        try draft.settle(copy, permissions: permissions)
    }

    /// - Returns: Where the folder is now that was there before.
    private func put(_ draft: DraftFolder, isTaken: Bool) throws -> URL? {
        guard isTaken else {
            try draft.put()
            return nil
        }
        let aside = place.beside("before-restore-\(Timestamp.now.milliseconds)")
        try Disk.move(place, to: aside)
        do {
            try draft.put()
        } catch {
            try Disk.move(aside, to: place)
            throw error
        }
        return aside
    }
}

/// Keeps every program off a data folder that is about to be set aside.
struct FolderUse: Sendable {
    private let locks: [LockFile]

    /// Takes all locks of the folder, or says that it is in use.
    static func refusing(_ folder: URL) throws -> FolderUse {
        let data = DataFolder(folder.path(percentEncoded: false))
        guard try !data.isRunning() else {
            throw ValidationError(
                "'\(data.path)' is in use. Stop what runs on it ('suishoupai up' with Ctrl-C), and restore again. If nothing "
                    + "does, its run.json and broker.json name processes of others by now: remove them.")
        }
        do {
            return FolderUse(locks: try lockFiles(in: folder).map { try LockFile($0) })
        } catch StoreError.locked(let path) {
            throw ValidationError(
                "'\(data.path)' is in use: '\(path)' is held. Stop the program that holds it, and restore again.")
        }
    }

    /// The supervisor's, whether or not it is there, the broker's, and one beside each store.
    private static func lockFiles(in folder: URL) throws -> [URL] {
        var found = Set([folder.appending(path: "up.lock")])
        var folders = [(url: folder, depth: 0)]
        while let (next, depth) = folders.popLast() {
            for name in try FileManager.default.contentsOfDirectory(atPath: next.path(percentEncoded: false)) {
                let url = next.appending(path: name)
                switch FileKind(url) {
                case .file where name.hasSuffix(".lock"): found.insert(url)
                case .folder where depth < 2 && !FileKind.isLink(url): folders.append((url, depth + 1))
                default: continue
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }
}
