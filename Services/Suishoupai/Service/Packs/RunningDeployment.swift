import ArgumentParser
import Contracts
import EventProcessing
import Foundation

extension DataFolder {
    /// Whether a deployment runs on the folder: what a killed one left behind names processes that are gone.
    func isRunning() throws -> Bool {
        if let broker = try BrokerFile.read(brokerFile), Self.isAlive(Int32(clamping: broker.pid)) { return true }
        guard let contents = try RunFile.read(runFile) else { return false }
        return contents.services.merging(contents.replicas) { first, _ in first }.values.contains {
            Self.isAlive($0.pid)
        }
    }

    func requireRunning() throws {
        guard try isRunning() else {
            throw ValidationError("Nothing runs on '\(path)'. Start it with 'suishoupai up --data \(path) --pack DIR'.")
        }
    }

    /// The file where what operators decided about dead letters is kept for ever.
    var lettersFile: URL { url.appending(path: "dead-letters.json") }

    private static func isAlive(_ pid: Int32) -> Bool { pid > 0 && (kill(pid, 0) == 0 || errno == EPERM) }
}

/// What stands before every topic's name, so that several deployments can share a cluster.
enum TopicPrefix {
    /// As the deployment's own programs read it.
    static var ofDeployment: String { ProcessInfo.processInfo.environment["KAFKA_TOPIC_PREFIX"] ?? "" }
}
