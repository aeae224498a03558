import Foundation
import Subprocess
import SystemPackage

/// The program as built; tests of its exit status run it.
enum Program {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/debug/suishoupai").path(percentEncoded: false)

    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: file) }

    struct Answer: Sendable {
        let status: Int32
        /// All that it said.
        let output: String
    }

    /// Starts it and does not wait for its end; nobody hears what it says.
    static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: file)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { variable in
            !onCluster.contains { $0.rawValue == variable.key }
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Whoever tests on a cluster means the broker's own tests.
    private static let onCluster: [Environment.Key] = ["KAFKA_BOOTSTRAP_SERVERS", "KAFKA_TOPIC_PREFIX"]

    static func run(_ arguments: String...) async throws -> Answer { try await run(arguments) }

    /// - Parameter path: Where it finds other programs; as the test does where nil.
    static func run(_ arguments: [String], path: String? = nil) async throws -> Answer {
        let elsewhere: Environment = path.map { .inherit.updating(["PATH": $0]) } ?? .inherit
        let result = try await Subprocess.run(
            .path(FilePath(file)), arguments: Arguments(arguments),
            environment: elsewhere.updating(Dictionary(uniqueKeysWithValues: onCluster.map { ($0, nil) })),
            output: .string(limit: 1 << 20),
            error: .combinedWithOutput)
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Answer(status: status, output: result.standardOutput)
    }
}
