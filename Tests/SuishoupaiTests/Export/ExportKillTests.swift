import Contracts
import Foundation
import Kafka
import TestSupport
import Testing

@testable import Suishoupai

/// The program itself, ended by signal 9 and by what is not installed.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: Program.isBuilt, "suishoupai is not built"))
struct ExportKillTests {
    private let topic = TopicCatalogue.caseEvents

    /// - Returns: The values, in the order of an export.
    private func send(_ counts: [Int], to broker: BrokerUnderTest) async throws -> [String] {
        let records = try counts.enumerated().map { partition, count in
            try caseEvents(CaseID("case-\(partition)"), count, source: "case-routing/\(partition)")
        }
        try await KafkaProducer.withProducer(broker.settings) { producer in
            // A fetch brings of each partition what was sent together.
            for start in stride(from: 0, to: counts.max() ?? 0, by: 50) {
                let together = records.flatMap { $0.dropFirst(start).prefix(50) }
                for report in try await producer.send(together) {
                    if let error = report.error { throw error }
                }
            }
        }
        return records.flatMap { $0.map { String(decoding: $0.value ?? Data(), as: UTF8.self) } }
    }

    private func command(_ broker: BrokerUnderTest, _ format: ExportFormat, _ folder: ExportFolder) -> [String] {
        [
            "export", "--data", broker.data.path(percentEncoded: false), "--topic", topic.name, "--format",
            format.rawValue, "--to-dir", folder.url.path(percentEncoded: false),
        ]
    }

    /// Starts the program, ends it by signal 9 as soon as a condition holds, and waits until it is gone.
    private func kill(
        _ arguments: [String], when what: String, _ condition: () throws -> Bool
    ) async throws {
        let process = try Program.start(arguments)
        defer { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }
        try await eventually(what, within: .seconds(60)) {
            guard process.isRunning else { throw EndedEarly(status: process.terminationStatus) }
            return try condition()
        }
        Foundation.kill(process.processIdentifier, SIGKILL)
        try await eventually("it is gone") { !process.isRunning }
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
    }

    private struct EndedEarly: Error { let status: Int32 }

    @Test(.enabled(if: PythonScript.hasLibraries("cryptography"), Comment(rawValue: PythonScript.absence)))
    func `an export that is killed again and again ends with exactly what was asked for, and a manifest that holds`()
        async throws
    {
        let broker = try await BrokerUnderTest()
        let sent = try await send([1_000, 600], to: broker)
        let files = ExportFolder(url: broker.data.appending(path: "export"), topic: topic.name)
        let arguments = command(broker, .csv, files)
        func safe() throws -> Int {
            try files.read(ExportProgress.self, files.progress)?.parts.reduce(0) { $0 + $1.records } ?? 0
        }

        // So slow that there is a middle to be killed in.
        try await broker.answer(after: .milliseconds(100))
        for _ in 0..<3 {
            let before = try safe()
            try await kill(arguments, when: "more than \(before) records are safe") { try safe() > before }
            let after = try safe()
            #expect(after > before && after < sent.count)
            #expect(!ExportFolder.exists(files.manifest) && !ExportFolder.exists(files.lines))
        }
        try await broker.answer(after: .zero)
        let table = files.converted(.csv).path(percentEncoded: false)
        try await kill(arguments, when: "the table is begun") {
            guard FileManager.default.fileExists(atPath: table) else { return false }
            return try FileManager.default.attributesOfItem(atPath: table)[.size] as? Int ?? 0 > 2_000
        }
        #expect(try safe() == sent.count && !ExportFolder.exists(files.manifest))
        let unfinished = try [files.plan, files.progress].map { ($0, try Data(contentsOf: $0)) }
        // What happens meanwhile was not asked for.
        _ = try await send([0, 0, 20], to: broker)

        let ended = try await Program.run(arguments)
        #expect(ended.status == 0 && ended.output.contains("1600 records"), "\(ended.output)")
        try await check(files, holds: sent)

        // Killed when only the tidying was left: what is made is not made again, out of parts that are gone.
        for (file, content) in unfinished { try content.write(to: file) }
        let signed = try Data(contentsOf: files.manifest)
        let again = try await Program.run(arguments)
        #expect(again.status == 0 && again.output == ended.output, "\(again.output)")
        #expect(try Data(contentsOf: files.manifest) == signed)
        try await check(files, holds: sent)
        let finished = try await Program.run(arguments)
        #expect(finished.status == 2 && finished.output.contains("finished export"), "\(finished.output)")
        await broker.close()
    }

    /// Whether an export has these records and no others, the manifest verifies, and nothing else lies there.
    private func check(_ files: ExportFolder, holds sent: [String]) async throws {
        let lines = try String(contentsOf: files.lines, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines == sent)
        let rows = try String(contentsOf: files.converted(.csv), encoding: .utf8).split(separator: "\n")
        #expect(rows.count == sent.count + 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: files.url.path(percentEncoded: false))
        #expect(
            Set(names)
                == Set([files.lines, files.converted(.csv), files.manifest, files.signature].map(\.lastPathComponent)))
        let verified = try await PythonScript(inEnvironment: "deploy/verify-export.py").run(
            [files.manifest.path(percentEncoded: false)], input: Data())
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test func `without DuckDB parquet is refused before anything is read, with what to install`() async throws {
        let broker = try await BrokerUnderTest()
        _ = try await send([3], to: broker)
        let files = ExportFolder(url: broker.data.appending(path: "export"), topic: topic.name)
        let programs = broker.data.appending(path: "programs")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        let path = programs.path(percentEncoded: false)
        for isBroken in [false, true] {
            if isBroken {
                let file = programs.appending(path: "duckdb")
                try Data("#!/bin/sh\nexit 127\n".utf8).write(to: file)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o700], ofItemAtPath: file.path(percentEncoded: false))
            }
            let said = try await Program.run(command(broker, .parquet, files), path: path)

            #expect(said.status == 2)
            #expect(
                said.output.contains("install it") && said.output.contains("pip install duckdb-cli"), "\(said.output)")
            #expect(!FileManager.default.fileExists(atPath: files.url.path(percentEncoded: false)))
        }
        // The same without Parquet is done.
        let lines = try await Program.run(command(broker, .ndjson, files), path: path)
        #expect(lines.status == 0, "\(lines.output)")
        await broker.close()
    }

    @Test(.enabled(if: Self.hasDuckDB, Comment(rawValue: PythonScript.absence)))
    func `an export that was begun before DuckDB was there ends as Parquet`() async throws {
        let broker = try await BrokerUnderTest()
        let sent = try await send([1_000], to: broker)
        let files = ExportFolder(url: broker.data.appending(path: "export"), topic: topic.name)
        try await broker.answer(after: .milliseconds(100))
        try await kill(command(broker, .ndjson, files), when: "some records are safe") {
            try files.read(ExportProgress.self, files.progress)?.parts.contains { $0.records > 0 } ?? false
        }
        try await broker.answer(after: .zero)
        let kept = try Data(contentsOf: files.progress)

        let refused = try await Program.run(
            command(broker, .parquet, files), path: broker.data.path(percentEncoded: false))
        #expect(refused.status == 2, "\(refused.output)")
        #expect(try Data(contentsOf: files.progress) == kept)
        let made = try await Program.run(command(broker, .parquet, files), path: "\(Self.environment):/usr/bin:/bin")

        #expect(made.status == 0 && made.output.contains("\(sent.count) records"), "\(made.output)")
        #expect(try Data(contentsOf: files.converted(.parquet)).prefix(4) == Data("PAR1".utf8))
        await broker.close()
    }

    private static let environment = URL(filePath: PythonScript.environment).deletingLastPathComponent().path(
        percentEncoded: false)
    private static var hasDuckDB: Bool { FileManager.default.isExecutableFile(atPath: "\(environment)/duckdb") }
}
