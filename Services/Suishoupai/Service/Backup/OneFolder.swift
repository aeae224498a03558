import ArgumentParser

/// A file of a backup, and where it goes.
struct PlacedFile: Equatable {
    let file: BackupManifest.File
    /// In the data folder.
    let path: String
}

extension BackupManifest {
    /// Whether hosts had data folders of their own.
    var hasHosts: Bool { files.contains { $0.isStore && $0.host != nil } }

    /// Every file where it was.
    var asTheyWere: [PlacedFile] { files.map { PlacedFile(file: $0, path: $0.path) } }

    /// The folders of all hosts as one folder.
    ///
    /// Several hosts may have a copy of a partition. The one with most applied is the one that counts: whatever an owner
    /// said, it had applied, and who took over from it applied the same.
    ///
    /// - Throws: `ValidationError` where two edges have the same name, since neither counts more.
    func inOneFolder() throws -> [PlacedFile] {
        let byPlace = Dictionary(grouping: files) { $0.path(without: $0.host) }
        return try byPlace.sorted { $0.key < $1.key }.map { path, copies in
            let best = copies.sorted { ($0.store?.applied ?? 0, $1.path) > ($1.store?.applied ?? 0, $0.path) }
            if copies.count > 1, let edge = copies.first(where: { $0.isStore && $0.store == nil }) {
                throw ValidationError(
                    "Both '\(best[0].path)' and '\(best[1].path)' would be '\(path)', and each holds promises of its own. "
                        + "Leave --one-folder out, and start the hosts of '\(edge.path)' on the log that lives on.")
            }
            return PlacedFile(file: best[0], path: path)
        }
    }
}

extension BackupManifest.File {
    var isStore: Bool { path.hasSuffix(".sqlite") }

    /// Such as `host-2`; nil for a file of the deployment itself.
    fileprivate var host: Substring? {
        guard path.hasPrefix("host-"), let slash = path.firstIndex(of: "/") else { return nil }
        return path[..<slash]
    }

    fileprivate func path(without host: Substring?) -> String {
        host.map { String(path.dropFirst($0.count + 1)) } ?? path
    }
}
