import Foundation

// `stat` belongs to whichever module a compiler run loads first; naming this one makes every run agree.
#if canImport(Glibc)
import Glibc
#endif

/// Walks a folder for its keys, and clears away what writers left that were killed.
struct FolderListing {
    /// No writer pauses so long between two pieces.
    private static let oldestDraft: TimeInterval = 86_400

    private let folder: String

    init(_ folder: URL) {
        self.folder = folder.path(percentEncoded: false)
    }

    func objects(_ prefix: String) throws -> [StoredObject] {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var found: [StoredObject] = []
        try walk(parts.map { "\($0)/" }.joined(), prefix: prefix, into: &found)
        return found.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// - Parameter begun: How the keys in this folder begin: empty, or ending in a slash.
    private func walk(_ begun: String, prefix: String, into found: inout [StoredObject]) throws {
        for name in try names(in: "\(folder)/\(begun)") {
            let key = begun + name
            guard name.hasPrefix(DraftFile.mark) || key.hasPrefix(prefix), let facts = try facts(of: "\(folder)/\(key)")
            else { continue }
            switch facts.st_mode & S_IFMT {
            case S_IFREG where name.hasPrefix(DraftFile.mark): removeIfLeftOver("\(folder)/\(key)", facts)
            case S_IFREG where ObjectKey.isKey(key): found.append(StoredObject(key: key, bytes: Int64(facts.st_size)))
            case S_IFDIR where ObjectKey.isKey(key): try walk(key + "/", prefix: prefix, into: &found)
            default: continue
            }
        }
    }

    private func names(in path: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch let error as CocoaError where [.fileReadNoSuchFile, .fileNoSuchFile].contains(error.code) {
            return []
        } catch {
            guard try facts(of: path).map({ $0.st_mode & S_IFMT == S_IFDIR }) ?? false else { return [] }
            throw ObjectStoreError.file(path: path, reason: "cannot be listed: \(error.localizedDescription)")
        }
    }

    /// Nil where it is gone meanwhile.
    private func facts(of path: String) throws -> stat? {
        var facts = stat()
        if lstat(path, &facts) == 0 { return facts }
        guard [ENOENT, ENOTDIR].contains(errno) else { throw ObjectStoreError.system(path, "cannot be looked at") }
        return nil
    }

    /// Tidying is no reason for a list to fail: who may not remove it leaves it to who may.
    private func removeIfLeftOver(_ path: String, _ facts: stat) {
        let written = Date(timeIntervalSince1970: TimeInterval(facts.lastWritten))
        if Date.now.timeIntervalSince(written) > Self.oldestDraft { unlink(path) }
    }
}

extension stat {
    fileprivate var lastWritten: Int {
        #if canImport(Darwin)
        st_mtimespec.tv_sec
        #else
        st_mtim.tv_sec
        #endif
    }
}
