import Foundation

// BackupFault
//   incomplete   there is no manifest: no backup, or not all of one
//   newer        a newer program made it
//   unreadable   its manifest makes no sense
//   missing      a file that the manifest names is not there
//   damaged      a file has other bytes than were stored
//   noRoom       the disk is full
//   unreached    a file or folder of this machine cannot be read or written

/// What is wrong with a backup, or keeps one from being made.
enum BackupFault: Error, Equatable, CustomStringConvertible {
    case incomplete(folder: String)
    case newer(folder: String, format: Int)
    case unreadable(path: String, reason: String)
    case missing(file: String, folder: String)
    case damaged(file: String, folder: String)
    case noRoom(path: String)
    case unreached(path: String, reason: String)

    var description: String {
        switch self {
        case .incomplete(let folder):
            "There is no \(BackupManifest.fileName) in '\(folder)': it is no backup, or not all of one. Take another backup."
        case .newer(let folder, let format):
            "'\(folder)' was made by a newer program (format \(format), this one reads up to "
                + "\(BackupManifest.newestFormat)). Restore it with that version."
        case .unreadable(let path, let reason):
            "'\(path)' does not say what the backup holds (\(reason)). Take another backup."
        case .missing(let file, let folder):
            "'\(file)' is missing in '\(folder)'. Nothing was restored; bring the file back, or take another backup."
        case .damaged(let file, let folder):
            "'\(file)' in '\(folder)' has not the bytes that were stored. Nothing was restored; bring the right file, or "
                + "take another backup."
        case .noRoom(let path):
            "'\(path)' cannot grow, the disk is full: make room and start again, nothing was put in place."
        case .unreached(let path, let reason):
            "'\(path)' cannot be reached (\(reason)). Run this as the user that the services run as, on folders that it "
                + "may write to."
        }
    }

    /// With what the system said last.
    static func unreached(_ url: URL, errno number: Int32) -> BackupFault {
        .unreached(path: url.path(percentEncoded: false), reason: String(cString: strerror(number)))
    }
}
