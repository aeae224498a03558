import Foundation
import Kafka
import TestSupport
import Testing

@testable import EmbeddedBroker

/// The real executable in a process of its own, on a data folder of its own.
final class BrokerProcess {
    private let process = Process()
    private let input = Pipe()
    let addressFile: URL

    /// Starts the program and returns at once.
    init(data: URL, arguments: [String] = [], addressFile: URL? = nil) throws {
        self.addressFile = addressFile ?? data.appending(path: "broker.json")
        let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        process.executableURL = products.appending(path: "embedded-broker")
        process.arguments = ["--data", data.path(percentEncoded: false), "--log-level", "error"] + arguments
        process.standardInput = input
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

    /// Waits for this process to write its address; what an earlier one left does not count.
    func address() async throws -> BrokerAddress {
        try await eventually("the broker has written its address") { try self.readAddress() }
    }

    private func readAddress() throws -> BrokerAddress? {
        do {
            let address = try JSONDecoder().decode(BrokerAddress.self, from: Data(contentsOf: addressFile))
            return address.pid == pid ? address : nil
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return nil
        }
    }

    func closeInput() throws {
        try input.fileHandleForWriting.close()
    }

    func send(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Waits for the end of the process and gives its exit code.
    func ended() async throws -> Int32 {
        try await eventually("the broker has ended") { !self.process.isRunning }
        return process.terminationStatus
    }

    func killIfRunning() {
        if process.isRunning { kill(pid, SIGKILL) }
    }
}

/// Lends an empty folder.
func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "embedded-broker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let outcome: Result<Void, any Error>
    do {
        try await body(folder)
        outcome = .success(())
    } catch {
        outcome = .failure(error)
    }
    try FileManager.default.removeItem(at: folder)
    try outcome.get()
}
