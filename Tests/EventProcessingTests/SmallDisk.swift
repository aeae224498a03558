import Foundation

/// A small file system in memory: it can be filled, emptied again, and made read-only.
struct SmallDisk {
    let url: URL

    /// Whether this process may mount one.
    static var isAllowed: Bool {
        let place = FileManager.default.temporaryDirectory.appending(path: "suishoupai-disk-\(UUID().uuidString)")
        do {
            try SmallDisk(at: place, size: "64k").remove()
            return true
        } catch {
            return false
        }
    }

    init(at url: URL, size: String) throws {
        self.url = url
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", url.path(percentEncoded: false))
    }

    func makeReadOnly() throws {
        try Self.run("mount", "-o", "remount,ro", url.path(percentEncoded: false))
    }

    private var filler: URL { url.appending(path: "filler") }

    /// Leaves no room for anything.
    func fill() throws {
        try Data().write(to: filler)
        let handle = try FileHandle(forWritingTo: filler)
        let page = Data(repeating: 1, count: 4_096)
        do {
            while true { try handle.write(contentsOf: page) }
        } catch {
            try handle.close()
        }
    }

    func makeRoom() throws { try FileManager.default.removeItem(at: filler) }

    func remove() {
        do { try Self.run("umount", "--lazy", url.path(percentEncoded: false)) } catch { print("left mounted: \(url)") }
    }

    struct Failed: Error {
        let command: [String]
    }

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(command: command) }
    }
}
