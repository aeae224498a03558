import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceKit
import ServiceLifecycle
import Subprocess
import SystemPackage

/// Keeps one child running: starts it, watches it, starts it again with growing pauses, and stops it last.
struct ChildKeeper: Service {
    let child: ChildProgram
    let runFile: RunFile
    let console: Console
    let http: HTTPClient

    /// A child that answered nothing for so long is killed: a stuck loop does not mend itself.
    private static let patience = Duration.seconds(20)
    private static let longestPause = Duration.seconds(10)
    /// After so long without an end a child counts as well, and its pauses begin anew.
    private static let wellAfter = Duration.seconds(30)

    func run() async throws {
        var pause = Duration.milliseconds(100)
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let start = ContinuousClock.now
            let ending = try await runOnce()
            await runFile.remove(child)
            guard !Task.isShuttingDownGracefully, !Task.isCancelled else { return }
            if ContinuousClock.now - start > Self.wellAfter { pause = .milliseconds(100) }
            console.note("\(child.title) ended (\(ending)); it is started again in \(pause)")
            try await sleep(pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Starts the child and waits for its end, whatever ends it.
    private func runOnce() async throws -> TerminationStatus {
        try prepareFiles()
        let log = try FileDescriptor.open(
            FilePath(child.logFile.path(percentEncoded: false)), .writeOnly, options: [.create, .append],
            permissions: .ownerReadWrite)
        var options = PlatformOptions()
        // A group of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(9))]
        let result = try await Subprocess.run(
            .path(FilePath(child.executable.path(percentEncoded: false))), arguments: Arguments(child.arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: child.environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            platformOptions: options, input: .inputWriter,
            output: .fileDescriptor(log, closeAfterSpawningProcess: true), error: .combinedWithOutput
        ) { execution in
            let pid = execution.processIdentifier.value
            await runFile.add(child, pid: pid, url: nil)
            // The pipe to its standard input stays open for as long as this process lives, and not a moment longer.
            try await watch(pid)
            if !hasEnded(pid) { await execution.teardown(using: options.teardownSequence) }
        }
        return result.terminationStatus
    }

    private func prepareFiles() throws {
        let files = FileManager.default
        try files.createDirectory(at: child.logFile.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard let address = child.addressFile, files.fileExists(atPath: address.path(percentEncoded: false)) else {
            return
        }
        try files.removeItem(at: address)
    }

    /// Returns when the child has ended, is to be stopped, or does not answer any more.
    private func watch(_ pid: Int32) async throws {
        var url: String?
        var lastAnswer = ContinuousClock.now
        var nextLook = ContinuousClock.now
        while !hasEnded(pid), !Task.isShuttingDownGracefully, !Task.isCancelled {
            if let file = child.addressFile, url == nil, let address = try AddressFile.read(file), address.pid == pid {
                url = address.url
                await runFile.add(child, pid: pid, url: address.url)
            }
            if let url, ContinuousClock.now >= nextLook {
                nextLook = ContinuousClock.now + .seconds(2)
                if await isLive(url) { lastAnswer = .now }
                guard ContinuousClock.now - lastAnswer < Self.patience else {
                    console.note("\(child.title) does not answer any more and is killed")
                    kill(pid, SIGKILL)
                    return
                }
            }
            try await sleep(.milliseconds(100))
        }
    }

    private func isLive(_ url: String) async -> Bool {
        do {
            let answer = try await http.execute(
                HTTPClientRequest(url: "\(url)/health/live"), timeout: .seconds(5))
            return answer.status == .ok
        } catch {
            return false
        }
    }

    /// Whether the process has ended, without taking its ending away from whoever waits for it.
    private func hasEnded(_ pid: Int32) -> Bool {
        var info = siginfo_t()
        let found = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
        return found != 0 || info._sifields._sigchld.si_pid == pid
    }

    /// Sleeps, and wakes at once when the process is asked to stop.
    private func sleep(_ duration: Duration) async throws {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
        } catch is CancellationError {
            return
        }
    }
}
