import ArgumentParser
import Foundation

extension DataFolder {
    /// The data folder that an operator named.
    ///
    /// - Throws: `ValidationError` where there is no such folder.
    static func demand(_ path: String) throws -> DataFolder {
        let folder = DataFolder(path)
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("There is no folder '\(folder.path)'. Give the one that 'suishoupai up' runs on.")
        }
        return folder
    }
}
