package import Foundation
import Subprocess
import SystemPackage

/// A Python script that outsiders may run, so that something which knows nothing of this code checks what it says.
package struct PythonScript: Sendable {
    private let call: [String]

    /// A script by its path in the project, such as `deploy/verify-case.py`.
    package init(_ path: String) {
        call = [
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: path).path(percentEncoded: false)
        ]
    }

    /// A few lines of a test's own.
    package init(program: String) {
        call = ["-c", program]
    }

    package struct Answer: Sendable {
        package let status: Int32
        /// All that it said.
        package let output: String
    }

    package func run(_ arguments: [String] = [], input: Data) async throws -> Answer {
        let result = try await Subprocess.run(
            .name("python3"), arguments: Arguments(call + arguments), input: .data(input),
            output: .string(limit: 1 << 24), error: .combinedWithOutput)
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Answer(status: status, output: result.standardOutput)
    }
}
