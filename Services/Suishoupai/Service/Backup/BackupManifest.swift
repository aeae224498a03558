import Contracts
import Foundation

/// What `backup.json` says: what a backup holds, and of which moment it is.
struct BackupManifest: Codable, Sendable, Equatable {
    struct File: Codable, Sendable, Equatable {
        /// Where it lies, in the backup as in the data folder.
        let path: String
        let bytes: Int64
        /// In hex.
        let sha256: String
        /// Who may read and write it, in octal.
        let mode: String
        /// For a processor's store.
        let store: Store?
    }

    /// Where a processor's store stood.
    struct Store: Codable, Sendable, Equatable {
        let processor: String
        let partition: Int
        /// How many records it had ever applied.
        let applied: Int64
        let log: String
        /// Where it goes on in that log.
        let offset: Int64
    }

    let product: String
    let format: Int
    let moment: Timestamp
    let lockedMilliseconds: Int
    let files: [File]

    static let fileName = "backup.json"
    static let newestFormat = 1
    private static let product = "suishoupai"

    init(moment: Timestamp, lockedMilliseconds: Int, files: [File]) {
        product = Self.product
        format = Self.newestFormat
        self.moment = moment
        self.lockedMilliseconds = lockedMilliseconds
        self.files = files
    }

    var storeCount: Int { files.filter(\.isStore).count }
    var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }

    /// Reads the manifest of a backup.
    ///
    /// - Throws: `BackupFault`.
    static func read(in folder: URL) throws -> BackupManifest {
        let file = folder.appending(path: fileName)
        guard FileKind(file).isFile else { throw BackupFault.incomplete(folder: folder.path(percentEncoded: false)) }
        let data = try Data(contentsOf: file)
        do {
            let head = try ContractCoding.decode(Head.self, from: data)
            guard head.format <= newestFormat else {
                throw BackupFault.newer(folder: folder.path(percentEncoded: false), format: head.format)
            }
            let manifest = try ContractCoding.decode(Self.self, from: data)
            try manifest.check()
            return manifest
        } catch let error as DecodingError {
            throw BackupFault.unreadable(path: file.path(percentEncoded: false), reason: "\(error)")
        } catch let error as Nonsense {
            throw BackupFault.unreadable(path: file.path(percentEncoded: false), reason: error.reason)
        }
    }

    /// What every format says.
    private struct Head: Decodable {
        let format: Int
    }

    private struct Nonsense: Error {
        let reason: String
    }

    /// A path that leads out of the folder would be written where nobody wants it.
    private func check() throws {
        guard product == Self.product else { throw Nonsense(reason: "it is one of '\(product)'") }
        for file in files {
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !["", ".", ".."].contains($0) }) else {
                throw Nonsense(reason: "'\(file.path)' is no path in a data folder")
            }
            guard file.permissions != nil else { throw Nonsense(reason: "'\(file.mode)' is no mode") }
        }
    }
}

extension BackupManifest.File {
    var permissions: mode_t? { mode_t(mode, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil } }

    static func mode(_ permissions: mode_t) -> String { String(permissions & 0o777, radix: 8) }
}
