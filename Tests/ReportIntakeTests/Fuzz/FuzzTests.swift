import Foundation
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import ReportIntake

/// Whatever comes, intake lives, says why it refuses, and has stored what it said it would, and nothing else.
///
/// `FUZZ_REQUESTS` makes it longer; `deploy/test --fuzz 100000`.
@Suite(.timeLimit(.minutes(60)))
struct FuzzTests {
    private static let usual = 20_000
    /// Many at once, so that they share the store's commits.
    private static let senders = 16

    private static let requests =
        ProcessInfo.processInfo.environment["FUZZ_REQUESTS"].flatMap { Int($0) } ?? usual

    @Test func `no request breaks intake or is stored when it was refused`() async throws {
        let seed = SeededGenerator().seed
        let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 100_000_000)
        try await IntakeUnderTest.run(settings: settings, pack: .asking) { intake, client in
            let ground = try await FuzzGround(intake, client)
            let tally = try await Self.send(from: ground, seed: seed, to: client)

            print(
                "fuzz: \(tally.requests) requests, \(tally.reports.count) reports and \(tally.amendments.count)",
                "amendments stored; by status: \(tally.statuses.sorted { $0.key < $1.key })")
            #expect(tally.faults == [])
            #expect(tally.requests == Self.requests)
            // Each kind of answer was met, or this would prove little.
            #expect(Set([200, 201, 202, 400, 401, 403, 404, 405, 409, 413, 422]).isSubset(of: tally.statuses.keys))
            let reports = tally.reports.union(ground.reports)
            #expect(try intake.count("report") == reports.count)
            #expect(try intake.count("amendment") == tally.amendments.count)
            // What lies on the shelves came with a request that was taken.
            let files = try intake.files()
            #expect(!tally.refusedFiles.isEmpty && files.isDisjoint(with: tally.refusedFiles))
            #expect(!tally.keptFiles.isEmpty && tally.keptFiles.isSubset(of: files))
            #expect(ground.files.isSubset(of: files))
            #expect(try intake.count("edgeOutbox") == reports.count + tally.amendments.count)
        }
    }

    private static func send(
        from ground: FuzzGround, seed: UInt64, to client: any TestClientProtocol
    ) async throws -> FuzzTally {
        try await withThrowingTaskGroup(of: FuzzTally.self) { group in
            for sender in 0..<senders {
                let count = requests / senders + (sender < requests % senders ? 1 : 0)
                group.addTask {
                    var source = FuzzSource(seed: seed &+ UInt64(sender), ground: ground)
                    var tally = FuzzTally()
                    for _ in 0..<count {
                        let request = source.next()
                        let response = try await client.execute(
                            uri: request.path, method: request.method, headers: request.headers,
                            body: ByteBuffer(bytes: request.body)
                        ) { $0 }
                        tally.note(request, response)
                    }
                    return tally
                }
            }
            return try await group.reduce(into: FuzzTally()) { $0.add($1) }
        }
    }
}

extension IntakeUnderTest {
    /// What lies on the shelves, by its names.
    fileprivate func files() throws -> Set<String> {
        let names = try ["photos", "voice-notes"].flatMap { shelf in
            try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: shelf).path(percentEncoded: false))
        }
        return Set(names)
    }
}
