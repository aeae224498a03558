import Contracts
import EventProcessing
import Foundation
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

/// The service as a client library of others sees it, over HTTP.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled(if: GeoReportClient.isInstalled, Comment(rawValue: GeoReportClient.absence)))
struct Open311ClientTests {
    @Test func `a client library from PyPI reads services and requests`() async throws {
        try await IntakeUnderTest.run(pack: .asking, setup: .live) { intake, client in
            let port = try #require(client.port)
            try await intake.read([.sample(version: 2, stage: .filed)], at: .now)
            let key = try await intake.token("platform-a", .platform)

            let read = try await GeoReportClient.read(from: "http://127.0.0.1:\(port)/open311/v2", key: key)

            #expect(read["services"]?.array?.map { $0["service_code"] } == ["E0102", "P0101", "D0103"])
            let inXML = read["servicesInXML"]?.array ?? []
            #expect(inXML.map { $0["service_code"] } == ["E0102", "P0101", "D0103"])
            #expect(read["definition"]?["service_code"] == "E0102")
            #expect(read["definition"]?["attributes"]?.array?.map { $0["code"] } == ["size", "kinds", "words"])
            #expect(read["requests"]?.array?.map { $0["service_request_id"] } == ["case-1"])
            #expect(read["request"]?["status_notes"] == "已立案")
            let posted = try #require(read["posted"]?.array?.first?["token"]?.string)
            #expect(try intake.outbox().map(\.id.description) == [posted])
            #expect(try intake.outbox().first?.data.answers == [ReportAnswer(code: "size", values: ["truck"])])
        }
    }
}

/// The library `georeport`, in a process of its own.
///
/// It only reads, so the post beside it is Python's own.
enum GeoReportClient {
    static let absence = ".venv has no georeport: run deploy/test, which installs it"
    static let isInstalled = hasLibrary()

    private static let program = """
        import json, sys, urllib.parse, urllib.request
        from georeport import GeoReport
        address, key = sys.argv[1:]
        client, other = GeoReport(address), GeoReport(address, output_format="xml")
        definition = client.get_service_definition("E0102")
        size = definition["attributes"][0]
        form = urllib.parse.urlencode({
            "api_key": key, "service_code": "E0102", "lat": 28.6829, "long": 115.8551, "description": "垃圾没人收",
            "attribute[%s]" % size["code"]: size["values"][-1]["key"]})
        with urllib.request.urlopen(address + "/requests.json", form.encode()) as answer:
            posted = json.load(answer)
        print(json.dumps({
            "services": client.get_service_list(),
            "servicesInXML": other.get_service_list(),
            "definition": definition,
            "requests": client.get_service_requests(),
            "request": client.get_service_request("case-1"),
            "posted": posted,
        }))
        """

    static func read(from address: String, key: String) async throws -> JSONValue {
        try JSONValue(parsing: try await output(of: ["-c", program, address, key]))
    }

    private static func hasLibrary() -> Bool {
        guard FileManager.default.isExecutableFile(atPath: MotoServer.python) else { return false }
        let process = process(["-c", "import georeport"])
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private static func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: MotoServer.python)
        process.arguments = arguments
        return process
    }

    /// What the program prints, without a thread that waits for it: the service it asks needs them.
    private static func output(of arguments: [String]) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "output.json")
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        let process = process(arguments)
        process.standardOutput = handle
        let (ends, ended) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            ended.yield(process.terminationStatus)
            ended.finish()
        }
        try process.run()
        // Also when the test is given up, nothing stays behind.
        defer { if process.isRunning { process.terminate() } }
        let status = await ends.first { _ in true }
        try handle.close()
        #expect(status == 0, "the program failed; see its words above")
        return Array(try Data(contentsOf: file))
    }
}
