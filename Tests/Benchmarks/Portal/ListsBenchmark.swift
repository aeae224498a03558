import Contracts
import Foundation
import GRDB
import Portal
import TestSupport

/// How long portal takes for a page of a list, and for the number of its cases, by every filter that the console offers.
///
/// The cases are made in a store that is thrown away: most are closed, communities and categories are as unequal as in a
/// town, and each filter is asked with values that are common, rare and unknown.
struct ListsBenchmark {
    let cases: Int
    /// How often each filter is asked.
    let rounds: Int

    func measure() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lists-\(UUID().uuidString)")
        do {
            try await measure(in: folder.appending(path: "portal.sqlite"))
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
        try FileManager.default.removeItem(at: folder)
    }

    private func measure(in file: URL) async throws {
        let model = try ReadModel.open(file)
        let town = TownOfCases(count: cases)
        let start = ContinuousClock.now
        for first in stride(from: 0, to: cases, by: 1_000) {
            let states = (first..<min(first + 1_000, cases)).map(town.state)
            try await model.write { db in for state in states { try CaseTables.keep(state, in: db) } }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let size = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))[.size] as? Int
        write("\(cases) cases, \(Int(Double(cases) / seconds)) kept a second, file \((size ?? 0) >> 20) MiB\n")
        write("| filter | found | page of 50, p50 / p99 | how many, up to 1,000, p50 / p99 |\n|---|---|---|---|")
        for (name, filters) in town.filters {
            var pages: [Double] = []
            var counts: [Double] = []
            var found: [Int] = []
            // Once unmeasured, so that what is read are pages that the system has at hand, as on a portal that works.
            for filter in filters { _ = try await model.cases(filter, after: nil, limit: 51) }
            for round in 0..<rounds {
                let filter = filters[round % filters.count]
                pages.append(try await milliseconds { _ = try await model.cases(filter, after: nil, limit: 51) })
                counts.append(
                    try await milliseconds { found.append(try await model.countCases(filter, atMost: 1_000)) })
            }
            let numbers = Set(found).sorted().map { $0 == 1_000 ? "1,000+" : "\($0)" }.joined(separator: ", ")
            write("| \(name) | \(numbers) | \(Self.shown(pages)) | \(Self.shown(counts)) |")
        }
        try model.database.close()
    }

    private func milliseconds(_ body: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    private static func shown(_ values: [Double]) -> String {
        let micros = values.map { $0 * 10 }
        return "\(Double(micros.quantile(0.5)) / 10) / \(Double(micros.quantile(0.99)) / 10) ms"
    }

    private func write(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
