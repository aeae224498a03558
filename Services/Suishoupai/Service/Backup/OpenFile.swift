import Foundation
import SystemPackage

/// A plain file of a data folder as it stood when it was opened.
///
/// Such files are never changed in place but replaced by a rename, so what was opened stays as it was.
struct OpenFile: Sendable {
    let path: String
    let permissions: mode_t
    private let handle: FileHandle

    /// Nil where it is gone by now.
    init?(_ path: String, in folder: URL) throws {
        let url = folder.appending(path: path)
        let descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw BackupFault.unreached(url, errno: errno) }
            return nil
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.path = path
        do throws(Errno) {
            permissions = try Stat(FileDescriptor(rawValue: descriptor)).permissions.rawValue & 0o777
        } catch {
            throw BackupFault.unreached(url, errno: error.rawValue)
        }
    }

    /// Copies it to a file that nobody else may read meanwhile, since it may be a key.
    func copy(to file: URL) throws {
        try Disk.make(file) { write in
            while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { try write(chunk) }
        }
        try handle.close()
    }
}
