package import Foundation

/// How key files are read, made and exchanged: each appears complete or not at all.
extension KeyFile {
    package static func url(of name: DataFolderKey.Name, in dataFolder: URL) -> URL {
        dataFolder.appending(path: "keys", directoryHint: .isDirectory).appending(path: name.rawValue)
    }

    /// Reads the file, and makes it first when there is none.
    ///
    /// - Throws: ``DataFolderKeyError``.
    static func load(_ name: DataFolderKey.Name, in dataFolder: URL) throws -> KeyFile {
        let file = url(of: name, in: dataFolder)
        if let keys = try read(file) { return keys }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try make(file)
        guard let keys = try read(file) else {
            throw DataFolderKeyError(file: file.path(percentEncoded: false), reason: "vanished right after it was made")
        }
        return keys
    }

    /// Nil where there is none.
    ///
    /// - Throws: ``DataFolderKeyError``.
    package static func read(_ file: URL) throws -> KeyFile? {
        let path = file.path(percentEncoded: false)
        return try bytes(of: path).map { try KeyFile($0, of: path) }
    }

    /// - Throws: ``DataFolderKeyError`` where they are no keys, or all may see them.
    init(_ bytes: [UInt8], of path: String) throws {
        // Its owner may, and their group: a mounted secret is the group's to read.
        guard try Ownership(of: path).mode & 0o007 == 0 else {
            throw DataFolderKeyError(file: path, reason: "is open to every user of this machine: chmod 600 it")
        }
        try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
    }

    /// What lies in the file; nil where there is none.
    ///
    /// - Throws: ``DataFolderKeyError``.
    static func bytes(of path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw DataFolderKeyError(path, errno, "read") }
            return nil
        }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw DataFolderKeyError(path, errno, "read") }
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }

    /// Writes a new key beside the place and links it there: the link fails when another program was first, whose key
    /// then holds.
    private static func make(_ file: URL) throws {
        let path = file.path(percentEncoded: false)
        let draft = "\(path).\(UUID().uuidString)"
        defer { unlink(draft) }
        try KeyFile(.random()).write(to: draft)
        guard link(draft, path) == 0 || errno == EEXIST else { throw DataFolderKeyError(path, errno, "made") }
    }

    /// Puts these keys in the place of a file that is there; whoever reads it gets all of the former or all of the new.
    ///
    /// What is left when the program is killed is a draft that nobody reads and the next exchange takes away. The new
    /// file is the former owner's, group's and as open to them. One exchange at a time: the caller has a lock.
    /// - Throws: ``DataFolderKeyError``.
    package func replace(_ file: URL) throws {
        // A link stays, what it leads to is exchanged.
        let target = file.resolvingSymlinksInPath()
        let path = target.path(percentEncoded: false)
        let folder = target.deletingLastPathComponent().path(percentEncoded: false)
        let draft = "\(folder)/.\(target.lastPathComponent).new"
        let former = try Ownership(of: path)
        unlink(draft)
        do {
            try write(to: draft, as: former)
            guard rename(draft, path) == 0 else { throw DataFolderKeyError(path, errno, "exchanged") }
        } catch {
            unlink(draft)
            throw error
        }
        try Self.sync(folder: folder)
    }

    private func write(to path: String, as former: Ownership? = nil) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataFolderKeyError(path, errno, "made") }
        let bytes = Array(text.utf8)
        let isWritten = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
        let isSafe = isWritten && former?.give(to: descriptor) ?? true && fsync(descriptor) == 0
        let code = errno
        guard close(descriptor) == 0, isSafe else { throw DataFolderKeyError(path, code, "written") }
    }

    /// Makes a rename outlast a power cut.
    private static func sync(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DataFolderKeyError(folder, errno, "read") }
        let isSafe = fsync(descriptor) == 0
        let code = errno
        guard close(descriptor) == 0, isSafe else { throw DataFolderKeyError(folder, code, "written") }
    }
}

extension DataFolderKeyError {
    fileprivate init(_ path: String, _ code: Int32, _ verb: String) {
        self.init(file: path, reason: "could not be \(verb): \(String(cString: strerror(code)))")
    }
}

/// Whose a file is, and what they may do.
private struct Ownership {
    let mode: mode_t
    private let owner: uid_t
    private let group: gid_t

    init(of path: String) throws {
        let facts = try FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false))
        guard let mode = facts[.posixPermissions] as? NSNumber, let owner = facts[.ownerAccountID] as? NSNumber,
            let group = facts[.groupOwnerAccountID] as? NSNumber
        else { throw DataFolderKeyError(file: path, reason: "does not say whose it is") }
        self.mode = mode.uint32Value
        self.owner = owner.uint32Value
        self.group = group.uint32Value
    }

    /// Makes another file theirs, too; false, with `errno`, where that is not allowed.
    func give(to descriptor: Int32) -> Bool {
        let isOurs = owner == geteuid() && group == getegid()
        return (isOurs || fchown(descriptor, owner, group) == 0) && fchmod(descriptor, mode) == 0
    }
}
