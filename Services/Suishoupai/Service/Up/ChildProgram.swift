import Contracts
import Foundation

/// A program that the supervisor keeps running.
struct ChildProgram: Sendable, Hashable {
    let name: String
    let replica: Int
    let executable: URL
    let arguments: [String]
    /// Where it writes its address; nil for one that serves no HTTP.
    let addressFile: URL?
    let logFile: URL
    let environment: [String: String]

    /// The name in lines and files: `case-routing`, or `case-routing-2` for further replicas.
    var title: String { replica == 1 ? name : "\(name)-\(replica)" }

    var isBroker: Bool { name == Self.brokerName }

    private static let brokerName = "embedded-broker"

    static func broker(in folder: DataFolder, executables: URL) -> ChildProgram {
        ChildProgram(
            name: brokerName, replica: 1, executable: executables.appending(path: brokerName),
            arguments: ["--data", folder.path, "--stop-with-stdin", "--log-format", "json"], addressFile: nil,
            logFile: folder.log("embedded-broker-1"), environment: [:])
    }

    static func service(
        _ name: String, replica: Int, port: Int, in folder: DataFolder, storesIn stores: DataFolder, executables: URL,
        environment: [String: String]
    ) -> ChildProgram {
        let address = folder.url.appending(path: "run/\(name)-\(replica).json")
        return ChildProgram(
            name: name, replica: replica, executable: executables.appending(path: name),
            arguments: [
                "serve", "--data", stores.path, "--address-file", address.path(percentEncoded: false), "--replica",
                String(replica), "--port", String(port), "--stop-with-stdin", "--log-format", "json",
            ], addressFile: address, logFile: folder.log("\(name)-\(replica)"), environment: environment)
    }
}

/// The folder that holds everything that a deployment on one machine keeps.
struct DataFolder: Sendable {
    let url: URL

    init(_ path: String) {
        url = URL(filePath: path, directoryHint: .isDirectory).absoluteURL
    }

    var path: String { url.path(percentEncoded: false) }
    var brokerFile: URL { url.appending(path: "broker.json") }
    var runFile: URL { url.appending(path: "run.json") }
    /// Where Prometheus finds the programs.
    var scrapeFile: URL { url.appending(path: "run/prometheus.json") }
    var packFile: URL { url.appending(path: "pack.json") }

    /// The folders of hosts, where each replica has one of its own.
    func hosts() throws -> [DataFolder] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("host-") }.sorted()
            .map { DataFolder(url.appending(path: $0).path(percentEncoded: false)) }
    }

    /// Whether a program of these ever kept anything here.
    func hasStores(of services: [String]) -> Bool {
        services.contains {
            FileManager.default.fileExists(atPath: url.appending(path: $0).path(percentEncoded: false))
        }
    }

    /// The pack that was last put in force here; nil before the first.
    func keptPack() throws -> Pack? {
        guard FileManager.default.fileExists(atPath: packFile.path(percentEncoded: false)) else { return nil }
        return try ContractCoding.decode(Pack.self, from: Data(contentsOf: packFile))
    }

    /// Remembers a pack for later starts.
    func keep(_ pack: Pack) throws {
        try ContractCoding.encode(pack).write(to: packFile, options: .atomic)
    }

    func log(_ name: String) -> URL { url.appending(path: "logs/\(name).log") }
}
