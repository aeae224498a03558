import Contracts
import EventProcessing
import Foundation
import GRDB
import Points
import TestSupport

/// A random log of points' commands: a pack, then steps of a few cases.
struct History {
    let values: [Data]
    var records: [InputRecord] { Self.records(of: values) }

    init(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var values = try Self.packValues()
        for number in 0..<150 {
            let caseNumber = Int.random(in: 0..<25, using: &random)
            let step = CaseChanged.Step.allCases.randomElement(using: &random) ?? .filed
            let event = Envelope<CaseEvent>.step(
                step, of: CaseID("case-\(caseNumber)"), reporter: PersonID("rider-\(caseNumber % 4)"),
                at: Timestamp.morning.adding(milliseconds: .random(in: 0..<172_800_000, using: &random)), id: number)
            values.append(try Self.command(event, id: "\(number)"))
        }
        self.values = values
    }

    static func records(of values: [Data]) -> [InputRecord] {
        values.enumerated().map { offset, value in
            InputRecord(
                log: "log-1", offset: Int64(offset),
                stamp: Timestamp.morning.adding(milliseconds: Int64(offset) * 1_000), value: value)
        }
    }

    static func command(_ event: Envelope<CaseEvent>, id: String) throws -> Data {
        try Envelope(
            ObserveCase(event: event), id: .named("command-\(id)-\(event.id)"), source: "/points/translator",
            time: event.time, cause: event.attributes
        ).value()
    }

    /// The records that put the sample pack in force.
    static func packValues(
        funding budget: Int = 100_000, releaseDays: Int = 0, expiryMonths: Int? = nil
    ) throws -> [Data] {
        let (parts, activation) = try PackTransport.messages(
            for: .sample(funding: budget, releaseDays: releaseDays, expiryMonths: expiryMonths))
        return try parts.enumerated().map { number, part in
            try Envelope(part, id: .named("part-\(number)"), source: "/suishoupai", time: .morning).value()
        } + [Envelope(activation, id: .named("activation"), source: "/suishoupai", time: .morning).value()]
    }
}

/// What a store held and said after a history.
struct Run {
    struct Output: Equatable {
        let topic: String
        let key: String
        let value: Data
    }

    let digest: String
    let outputs: [Output]
    let balances: [AccountID: Int]

    var deadLetters: [Output] { outputs.filter { $0.topic == "points-dead-letters.v1" } }

    func moved() throws -> [PointsMoved] {
        try outputs.filter { $0.topic == TopicCatalogue.pointsEvents.name }.compactMap { output in
            guard PointsMoved.Step(rawValue: try MessageAttributes(value: output.value).type) != nil else { return nil }
            return try Envelope<PointsMoved>(value: output.value).data
        }
    }

    /// The last state of each account.
    func states() throws -> [AccountID: AccountState] {
        try outputs.filter { $0.topic == TopicCatalogue.accounts.name }.reduce(into: [:]) { states, output in
            let state = try Envelope<AccountState>(value: output.value).data
            states[state.accountId] = state
        }
    }
}

/// Lends a new store in a folder of its own, which is left behind only where the test fails.
func withStore<Result>(_ body: (PartitionStore) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "points-\(UUID().uuidString)")
    let store = try PartitionStore(
        PointsProcessor(), partition: 0, at: folder.appending(path: "0.sqlite"), keepsAppliedRecords: false)
    let result = try await body(store)
    try await store.close()
    try FileManager.default.removeItem(at: folder)
    return result
}

/// Applies the records to a new store, so many in one transaction.
func applied(_ records: [InputRecord], batch: Int) async throws -> Run {
    try await withStore { store in
        _ = try await store.enter(log: "log-1")
        for start in stride(from: 0, to: records.count, by: batch) {
            _ = try await store.apply(Array(records[start..<min(start + batch, records.count)]))
        }
        let balances = try await store.queue.read { db in
            try Row.fetchAll(db, sql: "SELECT id, balance FROM account ORDER BY id").reduce(into: [:]) { sums, row in
                sums[AccountID(row["id"] as String)] = row["balance"] as Int
            }
        }
        return Run(
            digest: try await store.digest(),
            outputs: try await store.allOutputs().map { Run.Output(topic: $0.topic, key: $0.key, value: $0.value) },
            balances: balances)
    }
}
