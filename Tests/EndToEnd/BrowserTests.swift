import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The pages in a real browser: Debian's Chromium, driven by Selenium from PyPI, looked at by axe.
///
/// Pictures of every page go to the folder that `BROWSER_PICTURES` names, else to one that the test prints.
@Suite(
    .serialized, .timeLimit(.minutes(15)),
    .enabled(if: Chromium.isInstalled, Comment(rawValue: Chromium.absence)))
struct BrowserTests {
    @Test func `a rider reports at a place, follows the case, rates it and finds the points, on a phone`() async throws
    {
        let pictures =
            ProcessInfo.processInfo.environment["BROWSER_PICTURES"]
            ?? FileManager.default.temporaryDirectory.appending(path: "suishoupai-pictures").path(percentEncoded: false)
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let walk = Deployment.root.appending(path: "Tests/EndToEnd/Browser/walk.py").path(percentEncoded: false)
            let program = Deployment.programs.appending(path: "suishoupai").path(percentEncoded: false)
            let portal = try await deployment.url(of: "portal")
            let result = try await Subprocess.run(
                .path(FilePath(MotoServer.python)), arguments: [walk, portal, deployment.data, program, pictures],
                output: .string(limit: 1 << 22), error: .combinedWithOutput)
            print(result.standardOutput)
            guard case .exited(0) = result.terminationStatus else {
                Issue.record("the walk found faults:\n\(result.standardOutput)")
                return
            }
        }
    }
}

/// The browser of the walk, and what drives it.
enum Chromium {
    static let absence =
        "chromium, chromium-driver or .venv's selenium is missing: run deploy/test, which installs them"

    static let isInstalled =
        ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
        && hasSelenium()

    private static func hasSelenium() -> Bool {
        guard FileManager.default.isExecutableFile(atPath: MotoServer.python) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: MotoServer.python)
        process.arguments = ["-c", "import selenium, axe_selenium_python"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
