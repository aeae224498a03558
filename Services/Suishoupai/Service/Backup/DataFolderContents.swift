import Foundation
import SystemPackage

/// What of a data folder belongs to a backup, by its path in the folder.
///
/// Everything does but what the next start makes anew (addresses, locks, logs), what lies beside a store for its owner
/// alone, and snapshots: they are copies of the stores themselves.
struct DataFolderContents: Equatable, Sendable {
    struct Store: Hashable, Sendable {
        /// Such as `case-routing/3.sqlite` or `host-2/portal/2.sqlite`.
        let path: String
        /// The file's number on the disk: one that took another's place is another store.
        let number: UInt64
        let permissions: mode_t
    }

    private(set) var stores: [Store] = []
    /// Plain files, such as `pack.json`, `keys/webhook.key` or those of photos.
    private(set) var files: [String] = []

    private static let foldersLeftOut: Set = ["logs", "run", "snapshots"]
    private static let foldersOfFiles: Set = ["photos", "voice-notes", "persons"]
    private static let filesLeftOut: Set = ["run.json", "broker.json"]

    init(of folder: URL) throws {
        try addRoot(folder, at: "")
        stores.sort { $0.path < $1.path }
        files.sort()
    }

    /// - Parameter prefix: Where the root lies: nothing, or `host-2/`.
    private mutating func addRoot(_ root: URL, at prefix: String) throws {
        for name in try Self.names(in: root) {
            let url = root.appending(path: name)
            switch FileKind(url) {
            case .file where !Self.filesLeftOut.contains(name) && !name.hasSuffix(".lock"):
                files.append(prefix + name)
            case .folder where name == "keys":
                // Where hosts have folders of their own, their keys are links to the deployment's, which `up` makes.
                guard prefix.isEmpty || !FileKind.isLink(url) else { continue }
                for key in try Self.names(in: url) where FileKind(url.appending(path: key)).isFile {
                    files.append("\(prefix)keys/\(key)")
                }
            case .folder where Self.foldersOfFiles.contains(name): try addFiles(of: url, at: "\(prefix)\(name)/")
            case .folder where prefix.isEmpty && name.hasPrefix("host-"):
                try addRoot(url, at: "\(name)/")
            case .folder where !Self.foldersLeftOut.contains(name):
                try addStores(of: url, at: "\(prefix)\(name)/")
            default: continue
            }
        }
    }

    /// All files of a folder, however deep: what a photo, a voice note or a person's key is never changes once it stands
    /// there.
    ///
    /// A key that is destroyed meanwhile is left out.
    private mutating func addFiles(of folder: URL, at prefix: String) throws {
        for name in try Self.names(in: folder) {
            let url = folder.appending(path: name)
            switch FileKind(url) {
            case .file: files.append(prefix + name)
            case .folder: try addFiles(of: url, at: "\(prefix)\(name)/")
            case .other: continue
            }
        }
    }

    private mutating func addStores(of folder: URL, at prefix: String) throws {
        for name in try Self.names(in: folder) where name.hasSuffix(".sqlite") {
            guard case .file(let number, let permissions) = FileKind(folder.appending(path: name)) else { continue }
            stores.append(Store(path: prefix + name, number: number, permissions: permissions))
        }
    }

    /// Without those that begin with a dot: they are files in the making.
    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { !$0.hasPrefix(".") }
    }
}

/// What lies at a path.
enum FileKind: Equatable {
    /// With its number on the disk.
    case file(number: UInt64, permissions: mode_t)
    case folder
    /// Nothing any more, or nothing that could be copied.
    case other

    init(_ url: URL) {
        guard let facts = Self.facts(url, followingLinks: true) else {
            self = .other
            return
        }
        switch facts.type {
        case .regular:
            self = .file(number: UInt64(facts.inode.rawValue), permissions: facts.permissions.rawValue & 0o777)
        case .directory: self = .folder
        default: self = .other
        }
    }

    var isFile: Bool {
        guard case .file = self else { return false }
        return true
    }

    static func isLink(_ url: URL) -> Bool {
        facts(url, followingLinks: false)?.type == .symbolicLink
    }

    /// Nil where nothing is, or nothing that can be reached.
    private static func facts(_ url: URL, followingLinks: Bool) -> Stat? {
        do throws(Errno) {
            return try Stat(FilePath(url.path(percentEncoded: false)), followTargetSymlink: followingLinks)
        } catch {
            return nil
        }
    }
}
