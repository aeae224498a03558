import Contracts
import Foundation

/// What came of a backup.
struct BackupReport: Codable, Sendable, Equatable {
    let folder: String
    let moment: Timestamp
    let lockedMilliseconds: Int
    let stores: Int
    let files: Int
    let bytes: Int64

    init(_ manifest: BackupManifest, in place: URL) {
        folder = place.path(percentEncoded: false)
        moment = manifest.moment
        lockedMilliseconds = manifest.lockedMilliseconds
        stores = manifest.storeCount
        files = manifest.files.count - manifest.storeCount
        bytes = manifest.bytes
    }

    var text: String {
        """
        ✓ '\(folder)' holds \(stores) stores and \(files) files, \(ByteCount(bytes)), as they stood at \(moment)
          writers were held for \(lockedMilliseconds) ms; bring it back with
          suishoupai restore --from \(folder) --data DIR
        """
    }
}

/// What came of a restore.
struct RestoreReport: Codable, Sendable, Equatable {
    let folder: String
    let moment: Timestamp
    let stores: Int
    let files: Int
    let bytes: Int64
    /// Whether hosts have data folders of their own in it.
    let hasHosts: Bool
    /// Where the folder is that was there before; absent where there was none.
    let setAside: String?

    init(_ moment: Timestamp, _ placed: [PlacedFile], in place: URL, setAside: URL?) {
        folder = place.path(percentEncoded: false)
        self.moment = moment
        stores = placed.filter(\.file.isStore).count
        files = placed.count - stores
        bytes = placed.reduce(0) { $0 + $1.file.bytes }
        hasHosts = placed.contains { $0.file.isStore && $0.path.hasPrefix("host-") }
        self.setAside = setAside?.path(percentEncoded: false)
    }

    var text: String {
        let aside = setAside.map { "\n  what was there before is kept as '\($0)'" } ?? ""
        return """
            ✓ '\(folder)' is as it was at \(moment): \(stores) stores and \(files) files, \(ByteCount(bytes))\(aside)
            \(hasHosts ? ofHosts : ofOneFolder)
            """
    }

    private var ofOneFolder: String {
        """
          start it with
          suishoupai up --data \(folder)
          Where snapshots lie elsewhere (--snapshots), give a place of their own: newer ones would be taken over.
        """
    }

    private var ofHosts: String {
        """
          hosts have folders of their own in it, which go on only on the log that they were made by (--own-folders);
          for a new log, as the embedded broker's always is, restore it with --one-folder
        """
    }
}

/// Bytes for people.
struct ByteCount: CustomStringConvertible {
    private let bytes: Int64

    init(_ bytes: Int64) {
        self.bytes = bytes
    }

    var description: String {
        switch bytes {
        case ..<1_000_000: "\((bytes + 999) / 1_000) KB"
        case ..<1_000_000_000: "\(bytes / 1_000_000).\(bytes % 1_000_000 / 100_000) MB"
        default: "\(bytes / 1_000_000_000).\(bytes % 1_000_000_000 / 100_000_000) GB"
        }
    }
}
