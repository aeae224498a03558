import CaseRoutingDomain
import Contracts
import EventProcessing
import Foundation
import GRDB
import TestSupport
import Testing

@testable import CaseRouting

/// What routing counts as late when staff close each case when the city really did, beside a recount in Python.
@Suite(.timeLimit(.minutes(15))) struct RealClosingsTests {
    @Test(.enabled(if: RealRequest.isPresent, RealRequest.absence), .enabled(if: Recount.canRun, Recount.absence))
    func `every request of three days that was closed too late is counted, and no other`() async throws {
        let requests = try RealRequest.all()
        let city = try await PlayedCity(RealCityRules.pack())
        try await city.play(requests)

        let counted = try await city.counted()
        #expect(counted.values.reduce(0) { $0 + $1.cases } == requests.count)
        let folder = try TemporaryFolder()
        let agreed = try Recount.run(counted, limits: RealCityRules.limits, in: folder.url)
        #expect(agreed.status == 0, "\(agreed.output)")
        print(agreed.output)

        // The recount can tell: an hour more for one type is enough.
        var other = RealCityRules.limits
        other["1"] = "5w"
        let differing = try Recount.run(counted, limits: other, in: folder.url)
        #expect(differing.status == 1)
        #expect(differing.output.contains("DIFFERS"))
    }
}

/// How many cases of a type there were, and how many of them were late.
struct CountedCases: Codable, Equatable {
    var cases = 0
    var overdue = 0
}

/// A store of routing on which the city's staff work by the clock of the log.
private struct PlayedCity {
    private let store: StoreUnderTest

    init(_ pack: Pack) async throws {
        store = try await StoreUnderTest(CaseRoutingProcessor())
        // Not a test of the disk.
        try await store.store.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = OFF") }
        try await store.putInForce(pack)
    }

    /// Minute by minute: what is due rings, what came is filed and dispatched, what was done is handled and verified.
    func play(_ requests: [RealRequest]) async throws {
        let coming = Dictionary(grouping: requests, by: \.createdAt)
        let going = Dictionary(grouping: requests) { $0.closedAt }
        let moments = Set(coming.keys).union(going.keys.compactMap { $0 }).sorted()
        var done = 0
        for moment in moments {
            try await ringTimers(until: moment)
            if let arrived = coming[moment] {
                try await apply(arrived.map { RegisterReport(report: envelope($0)) }, at: moment)
                let ids = try await caseIds(of: arrived)
                try await apply(ids.flatMap { [act(.file, on: $0), act(.dispatch, on: $0)] }, at: moment)
            }
            if let closed = going[moment] {
                let ids = try await caseIds(of: closed)
                try await apply(ids.flatMap { [act(.handle, on: $0), act(.verify, on: $0)] }, at: moment)
                done += closed.count
                if done / 1_000 > (done - closed.count) / 1_000 { print("closed \(done) of \(requests.count)") }
            }
        }
    }

    /// In the order of the clock; a timer that rings may set another.
    private func ringTimers(until moment: Timestamp) async throws {
        while true {
            let due = try await store.store.queue.read { db in
                try Row.fetchAll(
                    db, sql: "SELECT * FROM timer WHERE dueAt <= ? ORDER BY dueAt, id LIMIT 1",
                    arguments: [moment.milliseconds]
                ).map { row in
                    TimerDue(
                        timerId: row["id"], kind: row["kind"], about: row["about"],
                        dueAt: Timestamp(milliseconds: row["dueAt"]))
                }
            }
            guard let first = due.first else { return }
            try await apply([first], at: first.dueAt, source: "/case-routing/0")
        }
    }

    private func apply<P: Payload>(_ payloads: [P], at moment: Timestamp, source: String = "/portal/1") async throws {
        try await store.applyBatch(
            payloads.map { payload in
                let envelope = Envelope(payload, id: .random(), source: source, time: moment)
                return (try envelope.value(), moment.milliseconds)
            })
    }

    private func envelope(_ request: RealRequest) -> Envelope<ReportSubmitted> {
        let report = ReportSubmitted(
            reportId: ReportID(request.number), communityId: "la", kind: .snapshot,
            category: CategoryCode(request.type), description: request.number, location: request.location, address: nil,
            observedAt: nil, submittedAt: request.createdAt, reporterId: "resident-1", channel: "app")
        return Envelope(
            report, id: MessageID(namespace: .suishoupai, name: request.number), source: "/report-intake/1",
            time: request.createdAt)
    }

    private func act(_ action: CaseAction, on caseId: CaseID) -> ActOnCase {
        let (person, role) =
            switch action {
            case .handle: ("worker-1", "worker")
            case .verify: ("verifier-1", "verifier")
            default: ("dispatcher-1", "dispatcher")
            }
        return ActOnCase(
            caseId: caseId, communityId: "la", action: action, actor: Actor(personId: PersonID(person), roles: [role]),
            reason: "closed by the city", agrees: action == .verify ? true : nil)
    }

    private func caseIds(of requests: [RealRequest]) async throws -> [CaseID] {
        try await store.store.queue.read { db in
            try requests.map { request in
                let id = try String.fetchOne(
                    db, sql: "SELECT caseId FROM caseReport WHERE reportId = ?", arguments: [request.number])
                return CaseID(try #require(id, "\(request.number) is in no case"))
            }
        }
    }

    /// By type, from the cases as the store keeps them.
    func counted() async throws -> [String: CountedCases] {
        try await store.store.queue.read { db in
            var counted: [String: CountedCases] = [:]
            for body in try Data.fetchAll(db, sql: "SELECT body FROM caseFile ORDER BY id") {
                let state = try ContractCoding.decode(Case.self, from: body).state
                counted[state.category.rawValue, default: CountedCases()].cases += 1
                if state.isOverdue { counted[state.category.rawValue, default: CountedCases()].overdue += 1 }
            }
            return counted
        }
    }
}

/// The recount by another program.
private enum Recount {
    static let absence: Comment = "python3 is not here, the recount is in Python"
    static let canRun = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private struct Rules: Encodable {
        let workingMinutes: [[[Int]]]
        let holidays: [String]
        let makeUpDays: [String]
        let limits: [String: String]
    }

    static func run(
        _ counted: [String: CountedCases], limits: [String: String], in folder: URL
    ) throws -> (status: Int32, output: String) {
        let calendar = RealCityRules.calendar
        let rules = Rules(
            workingMinutes: calendar.workingMinutes, holidays: calendar.holidays, makeUpDays: calendar.makeUpDays,
            limits: limits)
        let rulesFile = folder.appending(path: "rules.json")
        let countedFile = folder.appending(path: "counted.json")
        try ContractCoding.encode(rules).write(to: rulesFile)
        try ContractCoding.encode(counted).write(to: countedFile)
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "recount_overdue.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["python3"] + [script, RealRequest.table, rulesFile, countedFile].map { $0.path(percentEncoded: false) }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        // Read to the end before waiting: a full pipe would hold the program for ever.
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
