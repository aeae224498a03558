import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The pages that the first walk leaves out, in the same browser.
@Suite(
    .serialized, .timeLimit(.minutes(15)),
    .enabled(if: Chromium.isInstalled, Comment(rawValue: Chromium.absence)))
struct BrowserWalks {
    @Test func `riders and residents use what their pages have, on a slow net and without one, too`() async throws {
        try await Deployment().running { try await walk("reporting.py", $0) }
    }

    @Test func `the wall stands, and staff sees where cases lie`() async throws {
        // The board must find its portal again after it died: at the same port, as in earnest.
        try await Deployment().running(["--port", String(try FreePort.find())]) { try await walk("wall.py", $0) }
    }

    private func walk(_ script: String, _ deployment: Deployment) async throws {
        let pictures =
            ProcessInfo.processInfo.environment["BROWSER_PICTURES"]
            ?? FileManager.default.temporaryDirectory.appending(path: "suishoupai-pictures").path(percentEncoded: false)
        let file = Deployment.root.appending(path: "Tests/EndToEnd/Browser/\(script)").path(percentEncoded: false)
        let program = Deployment.programs.appending(path: "suishoupai").path(percentEncoded: false)
        let result = try await Subprocess.run(
            .path(FilePath(MotoServer.python)),
            arguments: [file, try await deployment.url(of: "portal"), deployment.data, program, pictures],
            output: .string(limit: 1 << 22), error: .combinedWithOutput)
        print(result.standardOutput)
        guard case .exited(0) = result.terminationStatus else {
            Issue.record("\(script) found faults:\n\(result.standardOutput)")
            return
        }
    }
}

/// A port that nobody listens at.
private enum FreePort {
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(found)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
