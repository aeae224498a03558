import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// Figures, campaigns, the station's counter, administration and the district's overview in a real browser, on a phone and
/// on a desk, light and dark.
///
/// Pictures go to the folder that `BROWSER_PICTURES` names, else to one that the test prints.
@Suite(
    .serialized, .timeLimit(.minutes(15)),
    .enabled(if: Chromium.isInstalled, Comment(rawValue: Chromium.absence)))
struct FigureBrowserTests {
    @Test func `staff reads figures, runs a campaign, keeps a station and looks after the deployment`() async throws {
        try await walk("figures")
    }

    @Test func `everybody reads the district's overview and its reports, and prints one`() async throws {
        try await walk("overview")
    }

    /// Walks the pages as the script of this name does.
    private func walk(_ name: String) async throws {
        let pictures =
            ProcessInfo.processInfo.environment["BROWSER_PICTURES"]
            ?? FileManager.default.temporaryDirectory.appending(path: "suishoupai-\(name)").path(percentEncoded: false)
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let script = Deployment.root.appending(path: "Tests/EndToEnd/Browser/\(name).py").path(
                percentEncoded: false)
            let program = Deployment.programs.appending(path: "suishoupai").path(percentEncoded: false)
            let portal = try await deployment.url(of: "portal")
            let result = try await Subprocess.run(
                .path(FilePath(MotoServer.python)), arguments: [script, portal, deployment.data, program, pictures],
                output: .string(limit: 1 << 22), error: .combinedWithOutput)
            print(result.standardOutput)
            guard case .exited(0) = result.terminationStatus else {
                Issue.record("the pages have faults:\n\(result.standardOutput)")
                return
            }
        }
    }
}
