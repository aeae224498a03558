import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging
import ServiceKit
import TestSupport
import Testing

@testable import Suishoupai

private struct Killed: Error {}

/// A broker with records of two cases and their states, and what is asked of it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ExportTests {
    private let topic = TopicCatalogue.caseEvents

    private func running(
        _ body: (BrokerUnderTest, DeploymentSession, _ sent: [String]) async throws -> Void
    ) async throws {
        let broker = try await BrokerUnderTest()
        let records =
            try caseEvents("case-a", 120, source: "case-routing/0")
            + caseEvents("case-b", 40, source: "case-routing/1")
        try await KafkaProducer.withProducer(broker.settings) { producer in
            for report in try await producer.send(records) {
                if let error = report.error { throw error }
            }
        }
        let session = try await DeploymentBroker.embedded(DataFolder(broker.data.path)).demandSession(
            logger: Logger(label: "test"))
        try await body(broker, session, records.map { String(decoding: $0.value ?? Data(), as: UTF8.self) })
        await broker.close()
    }

    private func folder(_ broker: BrokerUnderTest, _ name: String, of topic: Topic? = nil) throws -> ExportFolder {
        let url = broker.data.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return ExportFolder(url: url, topic: (topic ?? self.topic).name)
    }

    private func ask(_ from: Timestamp? = nil, _ to: Timestamp? = nil, _ spans: [ExportSpan]? = nil) -> ExportAsk {
        ExportAsk(topic: topic.name, from: from, to: to, spans: spans)
    }

    private func export(
        _ ask: ExportAsk, _ session: DeploymentSession, _ folder: ExportFolder, as format: ExportFormat = .ndjson,
        key: URL, afterBatch: @escaping @Sendable (ExportProgress) throws -> Void = { _ in }
    ) async throws -> ExportManifest {
        let run = ExportRun(
            session: session, topic: topic, folder: folder, logger: Logger(label: "test"), limit: 50,
            afterBatch: afterBatch)
        let (plan, progress) = try await run.read(ask)
        return try await ExportFinish(folder: folder, topic: topic, format: format).make(
            plan, progress, key: try ExportKey(dataFolder: key), at: CitySample.monday)
    }

    private func lines(_ folder: ExportFolder) throws -> [String] {
        try String(contentsOf: folder.lines, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func `an export has exactly the records of the topic, by time and by offset`() async throws {
        try await running { broker, session, sent in
            let all = try folder(broker, "all")
            let manifest = try await export(ask(), session, all, key: broker.data)
            #expect(try lines(all) == sent)
            #expect(manifest.records == 160)
            #expect(manifest.chains?.chains == 2 && manifest.chains?.links == 160)
            #expect(manifest.parts[0].sources == ["case-routing/0": .init(first: 1, last: 120, count: 120)])

            let start = CitySample.monday.adding(milliseconds: 30 * 60_000)
            let end = CitySample.monday.adding(milliseconds: 50 * 60_000)
            let some = try folder(broker, "some")
            _ = try await export(ask(start, end), session, some, key: broker.data)
            #expect(try lines(some) == Array(sent[30..<50]) + Array(sent[150..<160]))

            let few = try folder(broker, "few")
            let spans = [ExportSpan(partition: 0, start: 5, end: 8), ExportSpan(partition: 1, start: 38, end: .max)]
            _ = try await export(ask(nil, nil, spans), session, few, key: broker.data)
            #expect(try lines(few) == Array(sent[5..<8]) + Array(sent[158..<160]))
        }
    }

    @Test func `an export that is killed goes on, and ends as one that was not`() async throws {
        try await running { broker, session, sent in
            let whole = try folder(broker, "whole")
            let expected = try await export(ask(), session, whole, key: broker.data)
            let cut = try folder(broker, "cut")
            await #expect(throws: Killed.self) {
                _ = try await export(ask(), session, cut, key: broker.data) { progress in
                    if progress.parts.contains(where: { $0.records > 0 }) { throw Killed() }
                }
            }
            #expect(ExportFolder.exists(cut.progress) && !ExportFolder.exists(cut.manifest))
            // What was written and not yet safe when it was killed.
            let progress = try #require(try cut.read(ExportProgress.self, cut.progress))
            for part in progress.parts {
                let file = try FileHandle(forWritingTo: cut.part(part.partition))
                try file.seekToEnd()
                try file.write(contentsOf: Data("{\"half\":".utf8))
                try file.close()
            }
            await #expect(throws: ExportFault.otherAsk(folder: cut.url.path(percentEncoded: false))) {
                _ = try await export(ask(CitySample.monday), session, cut, key: broker.data)
            }
            let manifest = try await export(ask(), session, cut, key: broker.data)

            #expect(manifest == expected)
            #expect(try lines(cut) == sent)
            #expect(try Data(contentsOf: cut.manifest) == Data(contentsOf: whole.manifest))
            #expect(!ExportFolder.exists(cut.plan) && !ExportFolder.exists(cut.progress))
        }
    }

    @Test func `a table has a column for each field, and no cell is a formula`() async throws {
        try await running { broker, session, sent in
            let table = try folder(broker, "table")
            let manifest = try await export(ask(), session, table, as: .csv, key: broker.data)
            let rows = try String(contentsOf: table.converted(.csv), encoding: .utf8).split(separator: "\n")
            #expect(rows.count == sent.count + 1)
            #expect(rows[0].hasPrefix("id,time,type,subject,source,data.") && rows[0].contains("data.reason"))
            #expect(rows.dropFirst().allSatisfy { $0.contains(",'=1+1 号") })
            #expect(manifest.files.map(\.name) == ["case-events.v1.ndjson", "case-events.v1.csv"])
        }
    }

    @Test(.enabled(if: PythonScript.hasLibraries("cryptography"), Comment(rawValue: PythonScript.absence)))
    func `a reader in Python finds an export as signed, and every change of it`() async throws {
        try await running { broker, session, _ in
            let all = try folder(broker, "all")
            let manifest = try await export(ask(), session, all, key: broker.data)
            func verify(_ key: String? = nil) async throws -> PythonScript.Answer {
                try await PythonScript(inEnvironment: "deploy/verify-export.py").run(
                    [all.manifest.path(percentEncoded: false)] + [key].compactMap(\.self), input: Data())
            }
            let whole = try await verify(manifest.publicKey)
            #expect(whole.status == 0, "\(whole.output)")
            let stranger = try await verify(Data(repeating: 7, count: 32).base64EncodedString())
            #expect(stranger.status == 1)

            let content = try Data(contentsOf: all.lines)
            var cut = content
            cut.removeLast(40)
            var turned = content
            turned[100] ^= 1
            let left = content.prefix(upTo: try #require(content.firstIndex(of: 10)) + 1)
            for changed in [cut, turned, content + left] {
                try changed.write(to: all.lines)
                let answer = try await verify(manifest.publicKey)
                #expect(answer.status == 1, "\(answer.output)")
            }
            try content.write(to: all.lines)
            let words = try String(contentsOf: all.manifest, encoding: .utf8)
            try Data(words.replacing("\"records\":160", with: "\"records\":159").utf8).write(to: all.manifest)
            let forged = try await verify(manifest.publicKey)
            #expect(forged.status == 1 && forged.output.contains("signature"), "\(forged.output)")
        }
    }
}

@Test func `cases lie on a map once each, as they newest stand`() throws {
    let folder = try TemporaryFolder()
    let files = ExportFolder(url: folder.url, topic: TopicCatalogue.openCases.name)
    let state = try #require(MessageCatalogue.message(ofType: OpenCaseState.type, version: 1))
    let newest = String(decoding: try state.sampleValue(), as: UTF8.self)
    let older = newest.replacing("\"version\":6", with: "\"version\":5").replacing("\"closed\"", with: "\"handled\"")
    #expect(older != newest)
    try Data("\(newest)\n\(older)\n".utf8).write(to: files.lines)

    try ExportMap.write(files)

    let map = try ContractCoding.decode(ContractJSON.self, from: try Data(contentsOf: files.converted(.geojson)))
    guard case .array(let features)? = map["features"], let feature = features.first else {
        Issue.record("no features: \(map)")
        return
    }
    #expect(features.count == 1 && feature["properties"]?["stage"] == "closed")
    #expect(feature["geometry"]?["type"] == "Point")
    #expect(feature["geometry"]?["coordinates"] == [.number(115.904), .number(28.684)])
}

@Test(
    arguments: [
        ("2", ExportSpan(partition: 2, start: 0, end: .max)), ("0:5-8", ExportSpan(partition: 0, start: 5, end: 8)),
        ("1:7-", ExportSpan(partition: 1, start: 7, end: .max)), ("1:8-8", nil), ("x", nil), ("1:-5", nil), ("-1", nil),
        ("1:2", nil),
    ] as [(String, ExportSpan?)])
func `offsets are read as they are written`(text: String, span: ExportSpan?) {
    #expect(ExportSpan(text) == span)
}

@Test func `what cannot be exported is refused before anything is written`() throws {
    func parse(_ more: [String]) throws {
        _ = try SuishoupaiCommand.parseAsRoot(["export", "--data", "d", "--to-dir", "o"] + more)
    }
    try parse(["--topic", "cases.v1", "--format", "geojson"])
    for wrong in [
        ["--topic", "weather.v1"], ["--topic", "points-dead-letters.v1"],
        ["--topic", "accounts.v1", "--format", "geojson"],
        ["--topic", "cases.v1", "--from", "yesterday"], ["--topic", "cases.v1", "--offsets", "0:9-3"],
        ["--topic", "cases.v1", "--from", "2026-11-24T00:00:00Z", "--to", "2026-11-23T00:00:00Z"],
    ] {
        #expect(throws: (any Error).self, "\(wrong)") { try parse(wrong) }
    }
}
