import Foundation
import Subprocess
import SystemPackage
import Testing

/// A broker that asks who is there, with real handshakes: `deploy/check-security` says what it tries.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SecuredBrokerTests {
    /// Somebody who runs as root on a machine that lends network namespaces.
    private static let isAllowed: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--net", "true"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(.enabled(if: isAllowed, "this machine lets nobody make network namespaces"))
    func `everything runs by TLS and SASL, and who cannot prove who they are is told so`() async throws {
        let result = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: [
                Deployment.root.appending(path: "deploy/check-security").path(percentEncoded: false),
                Deployment.programs.path(percentEncoded: false),
            ],
            environment: .inherit, output: .string(limit: 1 << 20), error: .combinedWithOutput)
        let said = result.standardOutput

        #expect(result.terminationStatus == .exited(0), "\(said)")
        let seen = said.split(separator: "\n").filter { $0.hasPrefix("✓") }
        for outcome in [
            "a reader with a certificate", "without a certificate of its own", "trusting another authority",
            "without TLS",
            "a reader with PLAIN", "another password for PLAIN", "a reader with SCRAM-SHA-256",
            "another password for SCRAM-SHA-256", "says in its health that it is turned away",
            "up runs with SCRAM-SHA-512", "six reports went their whole way",
            "no file and no log has the password",
        ] {
            #expect(seen.contains { $0.contains(outcome) }, "\(outcome): \(said)")
        }
    }
}
