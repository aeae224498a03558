import Foundation
import TestSupport

/// Makes the faults of a plan happen to a running deployment, and mends at the end what can be mended.
struct FaultDriver {
    private let ground: FaultGround
    private(set) var counts: [String: Int] = [:]
    private var paused: [Int32] = []

    init(_ ground: FaultGround) {
        self.ground = ground
    }

    private var deployment: Deployment { ground.deployment }

    /// Lets the plan happen until the time is up; the schedule's pauses are what it consists of.
    mutating func play(_ plan: inout FaultPlan, for duration: Duration) async throws {
        let end = ContinuousClock.now + duration
        do {
            while ContinuousClock.now < end {
                let (pause, fault) = plan.next()
                try await Task.sleep(for: pause)
                try await happen(fault)
            }
        } catch {
            wake()
            throw error
        }
        wake()
    }

    private mutating func happen(_ fault: Fault) async throws {
        switch fault {
        case .kill(let name):
            guard let pid = try deployment.readReplicas()[name]?.pid else { return }
            kill(pid, SIGKILL)
            counts["kills", default: 0] += 1
        case .killBroker:
            guard let pid = try deployment.readReplicas()["embedded-broker"]?.pid else { return }
            kill(pid, SIGKILL)
            counts["broker kills", default: 0] += 1
        case .pause(let name, let milliseconds):
            guard let pid = try deployment.readReplicas()[name]?.pid else { return }
            kill(pid, SIGSTOP)
            paused.append(pid)
            counts["pauses", default: 0] += 1
            try await Task.sleep(for: .milliseconds(milliseconds))
            wake()
        case .join(let name, let milliseconds):
            counts["joins", default: 0] += 1
            try await join(name, for: .milliseconds(milliseconds))
        }
    }

    private mutating func wake() {
        for pid in paused { kill(pid, SIGCONT) }
        paused = []
    }

    /// A replica on a host of its own that comes, and leaves as it is asked to.
    private func join(_ name: String, for duration: Duration) async throws {
        let folder = URL(filePath: deployment.data)
        let host = folder.appending(path: "host-9").path(percentEncoded: false)
        let process = Process()
        process.executableURL = Deployment.programs.appending(path: name)
        process.arguments =
            [
                "serve", "--data", host, "--replica", "9", "--port", "0", "--stop-with-stdin", "--log-format", "json",
            ] + ground.joining
        var environment = deployment.environment
        environment["WEBHOOK_ALLOW_PRIVATE"] = "loopback"
        process.environment = environment
        let log = folder.appending(path: "logs/\(name)-9.log")
        if !FileManager.default.fileExists(atPath: log.path(percentEncoded: false)) {
            try Data().write(to: log)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = Pipe()
        try FileManager.default.createDirectory(atPath: host, withIntermediateDirectories: true)
        try process.run()
        do {
            try await Task.sleep(for: duration)
        } catch {
            process.terminate()
            throw error
        }
        process.terminate()
        try await eventually("\(name) on host 9 has left", within: .seconds(20)) { !process.isRunning }
    }
}
