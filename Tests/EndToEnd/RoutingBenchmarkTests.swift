import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The benchmark of routing runs to its end and fills its table; what the figures are is not judged here.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RoutingBenchmarkTests {
    private static let program = Deployment.programs.appending(path: "Benchmarks").path(percentEncoded: false)

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: program), "the benchmarks are not built"))
    func `routing and the loop alone go through the same commands, with few cases and with more`() async throws {
        let result = try await Subprocess.run(
            .path(FilePath(Self.program)),
            arguments: ["--routing", "--cases", "40,160", "--records", "80", "--rounds", "1"],
            environment: .exactly(Deployment.plainEnvironment),
            workingDirectory: FilePath(Deployment.root.path(percentEncoded: false)),
            output: .string(limit: 1 << 20), error: .combinedWithOutput)

        let output = result.standardOutput
        #expect(result.terminationStatus == .exited(0), "\(output)")
        let rows = output.split(separator: "\n").map { $0.split(separator: "|").map { $0.split(separator: " ") } }
        for cases in ["40", "160"] {
            let row = try #require(rows.first { $0.first == [Substring(cases)] }, "\(output)")
            // Both did all of it: a speed of nothing would be a measure that never began.
            #expect(row.dropFirst().prefix(2).allSatisfy { ($0.first.flatMap { Int($0) } ?? 0) > 0 }, "\(output)")
        }
        #expect(output.contains("routing ÷ loop:") && output.contains("most ÷ fewest stored cases:"))
    }
}
