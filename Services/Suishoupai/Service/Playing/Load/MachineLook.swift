import Contracts
import EventProcessing
import Foundation
import SystemPackage

/// What the programs of a deployment on this machine use, by `/proc` (proc(5)), and what lies in their data folder.
struct MachineLook: Codable, Sendable, Equatable {
    struct Program: Codable, Sendable, Equatable {
        /// Processor time since its start.
        var cpuSeconds: Double
        /// Memory that is its own or shared, now.
        var residentBytes: Int
    }

    /// By the names of `run.json`.
    var programs: [String: Program]
    var folderBytes: Int

    var cpuSeconds: Double { programs.values.reduce(0) { $0 + $1.cpuSeconds } }
    var residentBytes: Int { programs.values.reduce(0) { $0 + $1.residentBytes } }

    static func take(_ contents: RunFile.Contents, folder: URL) -> MachineLook {
        let running = contents.services.merging(contents.replicas) { first, _ in first }
        return MachineLook(
            programs: running.compactMapValues { program(ofProcess: $0.pid) }, folderBytes: bytes(in: folder))
    }

    /// Nil where the process is gone.
    private static func program(ofProcess pid: Int32) -> Program? {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat"),
            let statm = FileManager.default.contents(atPath: "/proc/\(pid)/statm")
        else { return nil }
        return Program(stat: String(decoding: stat, as: UTF8.self), statm: String(decoding: statm, as: UTF8.self))
    }

    /// What the files take on the disk, which Foundation counts in blocks of the wrong size here.
    private static func bytes(in folder: URL) -> Int {
        guard let paths = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false)) else { return 0 }
        var sum = 0
        for case let path as String in paths {
            do throws(Errno) {
                let file = folder.appending(path: path).path(percentEncoded: false)
                let facts = try Stat(FilePath(file), followTargetSymlink: false)
                if facts.type == .regular { sum += Int(facts.sizeAllocated) }
            } catch {
                // Logs of a store come and go.
            }
        }
        return sum
    }
}

extension MachineLook.Program {
    /// - Parameters:
    ///   - stat: `/proc/PID/stat`; the name in it may hold spaces and brackets.
    ///   - statm: `/proc/PID/statm`.
    init?(
        stat: String, statm: String, ticks: Int = sysconf(Int32(_SC_CLK_TCK)),
        page: Int = sysconf(Int32(_SC_PAGESIZE))
    ) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        let pages = statm.split(separator: " ")
        // The 14th and 15th of all fields; the name is the second.
        guard fields.count > 12, pages.count > 1, let user = Int(fields[11]), let system = Int(fields[12]),
            let resident = Int(pages[1])
        else { return nil }
        self.init(cpuSeconds: Double(user + system) / Double(ticks), residentBytes: resident * page)
    }
}
