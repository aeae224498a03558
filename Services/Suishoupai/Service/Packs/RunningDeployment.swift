import Contracts
import EventProcessing
import Foundation

extension DataFolder {
    /// Whether a deployment runs on the folder.
    func isRunning() throws -> Bool { try running() != nil || hasBroker() }

    /// What runs on the folder under a supervisor; nil where nothing does: what a killed one left behind names processes
    /// that are gone.
    func running() throws -> RunFile.Contents? {
        guard let contents = try RunFile.read(runFile) else { return nil }
        let entries = contents.services.merging(contents.replicas) { first, _ in first }.values
        return entries.contains { Self.isAlive($0.pid) } ? contents : nil
    }

    /// Whether a broker of one machine runs on the folder.
    func hasBroker() throws -> Bool {
        guard let broker = try BrokerFile.read(brokerFile) else { return false }
        return Self.isAlive(Int32(clamping: broker.pid))
    }

    /// The file where what operators decided about dead letters is kept for ever.
    var lettersFile: URL { url.appending(path: "dead-letters.json") }

    private static func isAlive(_ pid: Int32) -> Bool { pid > 0 && (kill(pid, 0) == 0 || errno == EPERM) }
}
