import Contracts
import Foundation
import Synchronization

/// `run.json`: where everything is that runs now.
///
/// Replaced as a whole whenever something changes.
final class RunFile: Sendable {
    struct Entry: Codable, Sendable, Equatable {
        var url: String?
        var pid: Int32
    }

    /// The first replica of each service, and the others by `service-replica`.
    struct Contents: Codable, Sendable, Equatable {
        var bootstrapServers: String?
        /// The cluster that the programs were given; absent with the embedded broker.
        var kafka: String?
        /// What stands before every topic's name there.
        var topicPrefix: String?
        /// Where snapshots of stores go.
        var snapshots: String?
        var services: [String: Entry] = [:]
        var replicas: [String: Entry] = [:]
    }

    private let file: URL
    /// Where Prometheus finds the programs, see ``ScrapeTargets``; nil where nobody is to be told.
    private let scrapeFile: URL?
    private let contents = Mutex(Contents())

    init(_ file: URL, scrapeFile: URL? = nil) {
        self.file = file
        self.scrapeFile = scrapeFile
    }

    /// Reads the file of a running deployment; nil where there is none.
    static func read(_ file: URL) throws -> Contents? {
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return nil }
        return try ContractCoding.decode(Contents.self, from: Data(contentsOf: file))
    }

    func add(_ child: ChildProgram, pid: Int32, url: String?) async {
        change { contents in
            if child.replica == 1 {
                contents.services[child.name] = Entry(url: url, pid: pid)
            } else {
                contents.replicas[child.title] = Entry(url: url, pid: pid)
            }
        }
    }

    func remove(_ child: ChildProgram) async {
        change { contents in
            if child.replica == 1 {
                contents.services[child.name] = nil
            } else {
                contents.replicas[child.title] = nil
            }
        }
    }

    /// Notes what all programs of the deployment were given.
    func setShared(kafka: String?, topicPrefix: String, snapshots: String) {
        change { contents in
            contents.kafka = kafka
            contents.topicPrefix = topicPrefix
            contents.snapshots = snapshots
        }
    }

    func setBootstrapServers(_ servers: String?) {
        change { $0.bootstrapServers = servers }
    }

    var current: Contents { contents.withLock { $0 } }

    private func change(_ body: (inout Contents) -> Void) {
        contents.withLock { contents in
            let before = contents
            body(&contents)
            guard contents != before else { return }
            do {
                try ContractCoding.encode(contents).write(to: file, options: .atomic)
                if let scrapeFile {
                    try FileManager.default.createDirectory(
                        at: scrapeFile.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try ContractCoding.encode(ScrapeTargets(contents).groups).write(to: scrapeFile, options: .atomic)
                }
            } catch {
                // The files are for others to look at; the supervisor goes on without them and says so.
                FileHandle.standardError.write(Data("run.json cannot be written: \(error)\n".utf8))
            }
        }
    }
}
