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

    static func run(_ arguments: String...) async throws -> Answer { try await run(arguments) }

    /// - Parameter path: Where it finds other programs; as the test does where nil.
    static func run(_ arguments: [String], path: String? = nil) async throws -> Answer {
        let elsewhere: Environment = path.map { .inherit.updating(["PATH": $0]) } ?? .inherit
        let result = try await Subprocess.run(
            .path(FilePath(file)), arguments: Arguments(arguments),
            // Whoever tests on a cluster means the broker's own tests.
            environment: elsewhere.updating(["KAFKA_BOOTSTRAP_SERVERS": nil, "KAFKA_TOPIC_PREFIX": nil]),
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
