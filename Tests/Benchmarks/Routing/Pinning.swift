import Foundation

/// Binds programs to cores, so that "one core" is one: the last for what is measured, the others for all else.
struct Pinning {
    private static let tool = URL(filePath: "/usr/bin/taskset")
    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    let isPossible: Bool

    init() {
        isPossible = Self.cores > 1 && FileManager.default.isExecutableFile(atPath: Self.tool.path)
    }

    enum Place {
        case measured
        case beside
    }

    /// A program that is not running yet; its process id is the program's own.
    func process(_ program: URL, _ arguments: [String], on place: Place) -> Process {
        let process = Process()
        guard isPossible else {
            process.executableURL = program
            process.arguments = arguments
            return process
        }
        let cores = place == .measured ? "\(Self.cores - 1)" : "0-\(Self.cores - 2)"
        process.executableURL = Self.tool
        process.arguments = ["-c", cores, program.path(percentEncoded: false)] + arguments
        return process
    }

    /// Binds this process, and so what it starts without being told otherwise, beside what is measured.
    func stepAside() throws {
        guard isPossible else { return }
        let process = Process()
        process.executableURL = Self.tool
        process.arguments = [
            "-a", "-c", "-p", "0-\(Self.cores - 2)", "\(ProcessInfo.processInfo.processIdentifier)",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }
}
