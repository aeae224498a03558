import ArgumentParser
import Foundation

/// A folder that is there whole or not at all: it is filled under another name beside its place, and renamed at the end.
struct DraftFolder: Sendable {
    let place: URL
    let draft: URL
    private let isPrivate: Bool

    /// - Parameters:
    ///   - suffix: What is added to the name until it is whole.
    ///   - isPrivate: Whether nobody else may look into any folder of it; else into none that is for keys.
    init(for place: URL, suffix: String, isPrivate: Bool) throws {
        self.place = place
        self.isPrivate = isPrivate
        draft = place.beside(suffix)
        let path = draft.path(percentEncoded: false)
        guard mkdir(path, isPrivate ? 0o700 : 0o777) == 0 else {
            guard errno == EEXIST else { throw BackupFault.unreached(draft, errno: errno) }
            throw ValidationError(
                "'\(path)' is there already: either the same command runs just now, or one was ended before it was done. "
                    + "In that case remove the folder, and start again.")
        }
    }

    /// Where a file of this path goes; its folder is made.
    func file(_ path: String) throws -> URL {
        let file = draft.appending(path: path)
        let folder = file.deletingLastPathComponent()
        let isForKeys = folder.lastPathComponent == "keys"
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: isPrivate || isForKeys ? [.posixPermissions: 0o700] : nil)
        return file
    }

    /// Sets who may use a file that is written, and waits until the disk has it.
    func settle(_ file: URL, permissions: mode_t) throws {
        guard chmod(file.path(percentEncoded: false), permissions) == 0 else {
            throw BackupFault.unreached(file, errno: errno)
        }
        try Disk.synchronize(file)
    }

    /// Puts the folder in its place, where nothing or an empty folder may be.
    func put() throws {
        let names = FileManager.default.enumerator(at: draft, includingPropertiesForKeys: nil)
        while let url = names?.nextObject() as? URL {
            if FileKind(url) == .folder { try Disk.synchronize(url) }
        }
        try Disk.synchronize(draft)
        try Disk.move(draft, to: place)
    }

    /// Takes away what was written so far.
    func discard() throws {
        guard FileKind(draft) == .folder else { return }
        try FileManager.default.removeItem(at: draft)
    }
}

/// What has to survive a power cut.
enum Disk {
    /// Waits until the disk has what was written to a file, or the names in a folder.
    static func synchronize(_ url: URL) throws {
        let descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupFault.unreached(url, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw BackupFault.unreached(url, errno: errno) }
    }

    /// Makes a file that nobody else may read, of the pieces that are written to it.
    static func make(_ file: URL, of pieces: (_ write: (Data) throws -> Void) throws -> Void) throws {
        let descriptor = open(file.path(percentEncoded: false), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault(file, errno) }
        defer { close(descriptor) }
        try pieces { piece in
            var rest = piece[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                guard count >= 0 else { throw fault(file, errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func fault(_ file: URL, _ number: Int32) -> BackupFault {
        number == ENOSPC || number == EDQUOT
            ? .noRoom(path: file.path(percentEncoded: false)) : .unreached(file, errno: number)
    }

    /// Renames a folder; it has either name, also after a power cut.
    static func move(_ folder: URL, to place: URL) throws {
        guard rename(folder.path(percentEncoded: false), place.path(percentEncoded: false)) == 0 else {
            switch errno {
            case EBUSY, EXDEV:
                throw BackupFault.unreached(
                    path: place.path(percentEncoded: false),
                    reason: "another disk is mounted there: name a folder inside of it")
            default: throw BackupFault.unreached(place, errno: errno)
            }
        }
        try synchronize(place.deletingLastPathComponent())
    }
}

extension URL {
    /// A folder as the user named it, behind all links, without a slash at its end.
    static func folder(named path: String) -> URL {
        let url = URL(filePath: path, directoryHint: .isDirectory).absoluteURL.standardizedFileURL
        let name = url.lastPathComponent
        // What is not there yet can be no link, but lie behind one.
        let resolved =
            FileKind(url) == .other
            ? url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: name)
            : url.resolvingSymlinksInPath()
        let text = resolved.path(percentEncoded: false)
        let trimmed = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
        return URL(filePath: trimmed, directoryHint: .notDirectory)
    }

    /// The folder that it lies in.
    var parent: URL { .folder(named: deletingLastPathComponent().path(percentEncoded: false)) }

    /// The same place with something added to its name.
    func beside(_ suffix: String) -> URL {
        deletingLastPathComponent().appending(path: "\(lastPathComponent).\(suffix)", directoryHint: .notDirectory)
    }

    /// Whether it is the other or lies somewhere in it.
    func isInside(_ other: URL) -> Bool {
        standardizedFileURL.pathComponents.starts(with: other.standardizedFileURL.pathComponents)
    }

    /// Whether there is something that a rename would not replace.
    func isTaken() throws -> Bool {
        switch FileKind(self) {
        case .folder: try !FileManager.default.contentsOfDirectory(atPath: path(percentEncoded: false)).isEmpty
        case .file: true
        case .other: FileManager.default.fileExists(atPath: path(percentEncoded: false))
        }
    }
}
