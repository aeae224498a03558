package import Foundation
import ServiceLifecycle

/// Where a program listens, told to whoever started it.
package struct ListeningAddress: Hashable, Sendable {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The address as `http://127.0.0.1:8080`; a program that listens everywhere is reached at the loopback address.
    package var url: String {
        let reachable = ["0.0.0.0", "::", ""].contains(host) ? "127.0.0.1" : host
        return "http://\(reachable.contains(":") ? "[\(reachable)]" : reachable):\(port)"
    }
}

/// The file `{"pid": …, "url": "http://127.0.0.1:PORT"}` that a supervisor reads to find a program on a port that the
/// system chose.
package struct AddressFile: Hashable, Sendable {
    package let url: String
    package let pid: Int32

    package init(url: String, pid: Int32) {
        self.url = url
        self.pid = pid
    }

    /// Replaces the file in one step, so that nobody reads half of it.
    package func write(to file: URL) throws {
        let json: JSONValue = ["url": .string(url), "pid": .integer(Int64(pid))]
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(json.bytes()).write(to: file, options: .atomic)
    }

    /// Nil when there is no such file.
    ///
    /// - Throws: when it is there but is not an address file.
    package static func read(_ file: URL) throws -> AddressFile? {
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return nil }
        let json = try JSONValue(parsing: Array(try Data(contentsOf: file)))
        guard let url = json["url"]?.string, let pid = json["pid"]?.integer, let pid = Int32(exactly: pid) else {
            throw ConfigurationError(key: "address.file", mustBe: "a file written by a running program")
        }
        return AddressFile(url: url, pid: pid)
    }
}

/// Writes the address file once the program listens; a failure stops the program, since nobody would find it.
struct AddressFileWriter: Service {
    let file: URL
    let addresses: AsyncStream<ListeningAddress>

    func run() async throws {
        for await address in addresses.cancelOnGracefulShutdown() {
            try AddressFile(url: address.url, pid: ProcessInfo.processInfo.processIdentifier).write(to: file)
        }
    }
}
