import Contracts
import Foundation

/// Remembers in the data folder that there was a log.
///
/// A later broker begins a log of its own; whoever reads its identity knows then that something came before it.
struct LogMemory {
    private let file: URL

    init(folder: URL) {
        file = folder.appending(path: "log-identity.json")
    }

    var isKnown: Bool { FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) }

    func remember(_ identity: LogIdentity) throws {
        try DurableFile.replace(file, with: try ContractCoding.encode(identity))
    }
}

/// Files that are there whole or not at all, also after a power cut.
enum DurableFile {
    static func replace(_ file: URL, with bytes: Data) throws {
        let folder = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let draft = folder.appending(path: ".\(file.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
        try bytes.write(to: draft)
        try synchronize(draft)
        guard rename(draft.path(percentEncoded: false), file.path(percentEncoded: false)) == 0 else {
            throw BrokerFailure.file(file.path(percentEncoded: false), String(cString: strerror(errno)))
        }
        try synchronize(folder)
    }

    /// Waits until the disk has what was written to the file, or the names in the folder.
    private static func synchronize(_ url: URL) throws {
        let path = url.path(percentEncoded: false)
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw BrokerFailure.file(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw BrokerFailure.file(path, String(cString: strerror(errno))) }
    }
}

/// Keeps a second broker off the same data folder; the system lets go of it when the process ends, however it ends.
struct FolderLock {
    private let descriptor: Int32

    init(_ folder: URL) throws {
        let path = folder.appending(path: "broker.lock").path(percentEncoded: false)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw BrokerFailure.file(path, String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw BrokerFailure.folderInUse(folder.path(percentEncoded: false))
        }
    }

    func release() {
        close(descriptor)
    }
}

/// Why the broker cannot do its work.
enum BrokerFailure: Error, CustomStringConvertible {
    case folderInUse(String)
    case file(String, String)

    var description: String {
        switch self {
        case .folderInUse(let folder): "Another broker is using the data folder \(folder)."
        case .file(let path, let reason): "The file \(path) cannot be written: \(reason)."
        }
    }
}
