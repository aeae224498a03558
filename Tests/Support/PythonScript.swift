package import Foundation
import Subprocess
import SystemPackage

/// A Python script that outsiders may run, so that something which knows nothing of this code checks what it says.
package struct PythonScript: Sendable {
    private let python: Executable
    private let call: [String]

    /// A script by its path in the project, such as `deploy/verify-case.py`.
    package init(_ path: String) {
        python = .name("python3")
        call = [Self.path(of: path)]
    }

    /// A script by its path in the project, which needs what lies in `.venv`.
    package init(inEnvironment path: String) {
        python = .path(FilePath(Self.environment))
        call = [Self.path(of: path)]
    }

    /// The Python of `.venv`, which `deploy/test` makes.
    package static let environment = path(of: ".venv/bin/python")

    /// What to do where a library is not in it.
    package static let absence = ".venv lacks what the checks need: run deploy/test, which installs it"

    /// Whether `.venv` has all these libraries.
    package static func hasLibraries(_ names: String...) -> Bool {
        guard FileManager.default.isExecutableFile(atPath: environment) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: environment)
        process.arguments = ["-c", "import \(names.joined(separator: ", "))"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static func path(of path: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: path).path(percentEncoded: false)
    }

    /// A few lines of a test's own.
    package init(program: String) {
        python = .name("python3")
        call = ["-c", program]
    }

    /// A few lines of a test's own, which need what lies in `.venv`.
    package init(programInEnvironment program: String) {
        python = .path(FilePath(Self.environment))
        call = ["-c", program]
    }

    package struct Answer: Sendable {
        package let status: Int32
        /// All that it said.
        package let output: String
    }

    package func run(_ arguments: [String] = [], input: Data) async throws -> Answer {
        let result = try await Subprocess.run(
            python, arguments: Arguments(call + arguments), input: .data(input),
            output: .string(limit: 1 << 24), error: .combinedWithOutput)
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Answer(status: status, output: result.standardOutput)
    }
}
