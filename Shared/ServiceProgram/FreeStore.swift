import EventProcessing
import Foundation

/// Which store a program opens that was told to take the lowest that is free (`--replica lowest-free`).
///
/// For containers that are scaled by number and share a folder: one that is made anew takes over what its predecessor
/// promised. Two that start at once may choose the same; the lock lets one of them in, the other ends and is started again.
enum FreeStore {
    static let word = "lowest-free"
    private static let most = 1_000

    /// `1`, or the next number of which no other process has the store open.
    static func name(of service: String, in dataFolder: URL) throws -> String {
        let folder = dataFolder.appending(path: service, directoryHint: .isDirectory)
        for number in 1...most where try isFree("\(number)", in: folder) { return "\(number)" }
        throw StoreError.locked(path: folder.path(percentEncoded: false))
    }

    private static func isFree(_ name: String, in folder: URL) throws -> Bool {
        for lock in ["\(name).lock", "\(name).sqlite.lock"] {
            let file = folder.appending(path: lock)
            guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { continue }
            do {
                try LockFile(file).release()
            } catch StoreError.locked {
                return false
            }
        }
        return true
    }
}
