import Foundation
import SystemPackage

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
            switch facts.type {
            case .regular where name.hasPrefix(DraftFile.mark): removeIfLeftOver("\(folder)/\(key)")
            case .regular where ObjectKey.isKey(key): found.append(StoredObject(key: key, bytes: facts.size))
            case .directory where ObjectKey.isKey(key): try walk(key + "/", prefix: prefix, into: &found)
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
            guard try facts(of: path)?.type == .directory else { return [] }
            throw ObjectStoreError.file(path: path, reason: "cannot be listed: \(error.localizedDescription)")
        }
    }

    /// Nil where it is gone meanwhile.
    private func facts(of path: String) throws -> Stat? {
        do throws(Errno) {
            return try Stat(FilePath(path), followTargetSymlink: false)
        } catch .noSuchFileOrDirectory, .notDirectory {
            return nil
        } catch {
            throw ObjectStoreError.system(path, "cannot be looked at", code: error.rawValue)
        }
    }

    /// Tidying is no reason for a list to fail: who may not remove it leaves it to who may.
    private func removeIfLeftOver(_ path: String) {
        do {
            let written = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
            if let written, Date.now.timeIntervalSince(written) > Self.oldestDraft { unlink(path) }
        } catch {
            // Its writer lives, and has given it its name.
        }
    }
}
