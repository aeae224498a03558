import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Suishoupai

/// One import of a small file.
private struct Import: Sendable {
    var rows = 20
    /// These rows have no latitude.
    var unfit: Set<Int> = []
    var patience = Duration.seconds(10)
    var silence = Duration.seconds(30)
    var rejects: String?

    struct Result: Sendable {
        let progress: ImportProgress
        let fault: String?
        let rejects: String?
        let said: String
    }

    static func key(_ row: Int) -> String { "row-\(row)" }
    static func keys(_ rows: Range<Int>) -> [String] { rows.map(key) }

    /// Runs it to its end; `during` watches meanwhile.
    func run(
        at address: @escaping @Sendable () throws -> String?,
        during: @Sendable @escaping (ImportRun) async throws -> Void = { _ in }
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let rejects = rejects.map { URL(filePath: $0) } ?? folder.url.appending(path: "rejects.csv")
        let said = Mutex("")
        let text =
            "id,what,lat,lon\n"
            + (0..<rows).map { "\(Self.key($0)),something,\(unfit.contains($0) ? "" : "28.1"),115.9\n" }.joined()
        let run = try Self.run(text, rejects: rejects) { line in said.withLock { $0 += line } }
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: .init(timeout: .init(connect: .seconds(5))))
        let client = ReportStreamClient(
            http: http, run: run, address: address, token: { "token" }, patience: patience,
            silence: silence)
        let fault = try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                do {
                    _ = try await client.sendAll()
                    return nil
                } catch {
                    try await run.close()
                    return "\(error)"
                }
            }
            try await during(run)
            return try await group.next() ?? nil
        }
        try await http.shutdown()
        let exists = FileManager.default.fileExists(atPath: rejects.path)
        return Result(
            progress: await run.progress, fault: fault,
            rejects: exists ? try String(contentsOf: rejects, encoding: .utf8) : nil, said: said.withLock { $0 })
    }

    private static func run(
        _ text: String, rejects: URL, write: @escaping @Sendable (String) -> Void
    ) throws -> ImportRun {
        var piece: Data? = Data(text.utf8)
        let records = CSVRecords {
            defer { piece = nil }
            return piece
        }
        let mapping = ImportMapping(
            id: .cell("id"), description: .cell("what"), latitude: .cell("lat"), longitude: .cell("lon"))
        let rows = try MappedRows(records, mapping: mapping)
        return ImportRun(
            rows, rejects: try RejectsFile(rejects, header: rows.header, delimiter: ","), totalBytes: text.utf8.count,
            drawing: ProgressDrawing(isQuiet: false, isTerminal: false, write: write))
    }
}

@Test func `every row is sent once and has its answer`() async throws {
    try await StreamDoor.withDoor(.answering, rejecting: ["row-3"]) { door, url in
        let result = try await Import(unfit: [0, 7, 19]).run(at: { url })

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 16)
        #expect(result.progress.rejected == 4)
        #expect(result.progress.rows == 20)
        #expect(result.progress.share == 1)
        #expect(door.lines == Import.keys(0..<20).filter { !["row-0", "row-7", "row-19"].contains($0) })
        #expect(
            result.rejects == """
                id,what,lat,lon,rejectedLine,rejectedBecause
                row-0,something,,115.9,2,latitude: is empty
                row-3,something,28.1,115.9,5,category: is unknown
                row-7,something,,115.9,9,latitude: is empty
                row-19,something,,115.9,21,latitude: is empty

                """)
        #expect(result.said.contains("100 %  20 rows"))
        #expect(result.said.contains("4 rejected"))
    }
}

@Test func `a file of rejects alone needs no answer`() async throws {
    try await StreamDoor.withDoor(.answering) { door, url in
        let result = try await Import(rows: 3_000, unfit: Set(0..<3_000)).run(at: { url })

        #expect(result.fault == nil)
        #expect(result.progress.rejected == 3_000)
        #expect(door.lines == [])
    }
}

@Test func `the same import once more finds everything there`() async throws {
    try await StreamDoor.withDoor { door, url in
        _ = try await Import().run(at: { url })
        let again = try await Import().run(at: { url })

        #expect(again.fault == nil)
        #expect(again.progress.accepted == 0)
        #expect(again.progress.duplicates == 20)
        #expect(door.keys == Import.keys(0..<20))
    }
}

@Test func `after breaks in the middle every row is there once and counted once`() async throws {
    try await StreamDoor.withDoor(.breakingAfter(5), .breakingAfter(0), .breakingAfter(9)) { door, url in
        let result = try await Import().run(at: { url })

        #expect(result.fault == nil)
        // How many answers a broken connection swallowed is chance; that they count as new when they come is not.
        #expect(result.progress.accepted == 20)
        #expect(result.progress.duplicates == 0)
        #expect(door.keys == Import.keys(0..<20))
        #expect(door.connections == 4)
        #expect(result.said.contains("trying again in 0.2 seconds"))
    }
}

@Test func `after an ending in good order only what was not answered is sent again`() async throws {
    try await StreamDoor.withDoor(.endingAfter(5), .endingAfter(0), .endingAfter(4)) { door, url in
        let result = try await Import().run(at: { url })

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 20)
        #expect(door.lines == Import.keys(0..<20))
        #expect(door.connections == 4)
    }
}

@Test func `rows that intake has no room for wait and come again`() async throws {
    try await StreamDoor.withDoor(.fullAfter(3)) { door, url in
        let result = try await Import().run(at: { url })

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 20)
        #expect(result.rejects == nil)
        #expect(result.said.contains("after line 4: full; trying again"))
        #expect(door.connections == 2)
    }
}

@Test func `what intake turns away for good ends the import at once, in intake's words`() async throws {
    try await StreamDoor.withDoor(.refusing(.forbidden, #"{"title":"Forbidden","detail":"import may not report"}"#)) {
        door, url in
        let result = try await Import().run(at: { url })

        #expect(result.fault == "intake refuses the import (403): import may not report")
        #expect(result.progress.rows == 0)
        #expect(door.connections == 1)
    }
}

@Test func `an intake that is away for a moment is waited for`() async throws {
    try await StreamDoor.withDoor(.refusing(.serviceUnavailable, "not JSON")) { door, url in
        let looks = Mutex(0)
        let result = try await Import().run(at: {
            // Nowhere at first, then where nobody listens, then there.
            let look = looks.withLock { looks in
                looks += 1
                return looks
            }
            return look == 1 ? nil : look == 2 ? "http://127.0.0.1:1" : url
        })

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 20)
        #expect(result.said.contains("report-intake is not running"))
        #expect(result.said.contains("the connection was lost"))
        #expect(result.said.contains("503: Service Unavailable"))
    }
}

@Test func `an intake that stays away is given up, and it is said how to go on`() async throws {
    let result = try await Import(patience: .milliseconds(300)).run(at: { nil })

    let fault = try #require(result.fault)
    #expect(fault.hasPrefix("intake took nothing more after line 1 (report-intake is not running)"))
    #expect(fault.contains("run the same command again to go on, nothing will be doubled"))
}

@Test func `an intake that takes rows and never answers is left and asked anew`() async throws {
    try await StreamDoor.withDoor(.silent) { door, url in
        // Long enough that a busy machine is not taken for a silent intake.
        let result = try await Import(rows: 5_000, silence: .seconds(3)).run(at: { url })

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 5_000)
        #expect(door.connections == 2)
    }
}

@Test func `a slow intake is never run ahead of by more than what fits in memory`() async throws {
    try await StreamDoor.withDoor(.waiting) { door, url in
        let result = try await Import(rows: 6_000).run(at: { url }) { run in
            door.release(3)
            try await eventually("three rows are settled") { await run.progress.rows == 3 }
            let line = await run.lastLine
            #expect(line == 4)
            door.release(6_000)
        }

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 6_000)
        #expect(door.lines == Import.keys(0..<6_000))
    }
}

@Test func `answers that belong to other rows are not believed`() async throws {
    try await StreamDoor.withDoor(.outOfStep) { door, url in
        let result = try await Import().run(at: { url })

        #expect(result.fault == nil)
        #expect(result.progress.accepted == 20)
        #expect(result.said.contains("intake answered line 2 where 1 was due"))
    }
}

@Test func `rejects that cannot be kept end the import before a row is forgotten`() async throws {
    try await StreamDoor.withDoor(.answering, rejecting: ["row-2"]) { _, url in
        let result = try await Import(rejects: "/nowhere/at/all.csv").run(at: { url })

        let fault = try #require(result.fault)
        #expect(fault.hasPrefix("the rejects cannot be written to '/nowhere/at/all.csv'"))
        #expect(result.progress.rows == 2)
    }
}
