import AsyncHTTPClient
import Contracts
import EventProcessing
import Foundation
import NIOCore
import NIOHTTP1

/// Looks at the machine and at what waits, again and again while people are busy.
struct LoadWatch: Sendable {
    let http: HTTPClient
    let folder: DataFolder
    /// What is told now and then of a long work: what waits, and how often nobody said.
    var tell: @Sendable (_ lag: Lag) async -> Void = { _ in }
    private static let pause = Duration.seconds(2)
    private static let pauseOfWords = Duration.seconds(30)

    /// How many records wait for processors, as far as they say.
    struct Lag: Sendable, Equatable {
        var records = 0
        /// Programs that did not say.
        var silent = 0
    }

    /// What was seen from the beginning to the end.
    struct Seen: Codable, Sendable, Equatable {
        var first: MachineLook
        var last: MachineLook
        /// The most memory that all programs together were seen to have.
        var mostResidentBytes: Int
        /// The most records that were seen to wait for processors.
        var mostLag: Int
        /// Records that waited at the end.
        var lastLag: Int
        /// How often a program did not say what waits for it: where this is more than nothing, more may have waited.
        var unanswered = 0
    }

    /// Looks until `work` is done, and once more.
    func during<Result: Sendable>(_ work: @Sendable @escaping () async throws -> Result) async throws -> (Result, Seen)
    {
        let first = try look()
        let (result, seen) = try await withThrowingTaskGroup(of: Part<Result>.self) { group in
            group.addTask { .done(try await work()) }
            group.addTask {
                .peak(try await watch())
            }
            var result: Result?
            var peak = Peak(bytes: first.residentBytes)
            while let part = try await group.next() {
                switch part {
                case .done(let value):
                    result = value
                    group.cancelAll()
                case .peak(let found):
                    peak.add(bytes: found.bytes, Lag(records: found.lag, silent: found.unanswered))
                }
            }
            guard let result else { throw CancellationError() }
            return (result, peak)
        }
        var peak = seen
        let last = try look()
        let lag = await lag()
        peak.add(bytes: last.residentBytes, lag)
        return (
            result,
            Seen(
                first: first, last: last, mostResidentBytes: peak.bytes, mostLag: peak.lag, lastLag: lag.records,
                unanswered: peak.unanswered)
        )
    }

    private enum Part<Result: Sendable>: Sendable {
        case done(Result)
        case peak(Peak)
    }

    private struct Peak {
        var bytes = 0
        var lag = 0
        var unanswered = 0

        mutating func add(bytes: Int, _ lag: Lag) {
            self.bytes = max(self.bytes, bytes)
            self.lag = max(self.lag, lag.records)
            unanswered += lag.silent
        }
    }

    /// Until it is cancelled.
    private func watch() async throws -> Peak {
        var peak = Peak()
        var words = ContinuousClock.now + Self.pauseOfWords
        while !Task.isCancelled {
            let lag = await lag()
            // Asked while everything ends, nobody is blamed for not answering.
            if Task.isCancelled { break }
            peak.add(bytes: try look().residentBytes, lag)
            if ContinuousClock.now >= words {
                words += Self.pauseOfWords
                await tell(lag)
            }
            do { try await Task.sleep(for: Self.pause) } catch is CancellationError { break }
        }
        return peak
    }

    private func look() throws -> MachineLook {
        MachineLook.take(try RunFile.read(folder.runFile) ?? .init(), folder: folder.url)
    }

    /// How many records wait in the logs of all processors.
    private func lag() async -> Lag {
        var lag = Lag()
        do {
            for entry in try (RunFile.read(folder.runFile) ?? .init()).services.values {
                guard let url = entry.url else { continue }
                do {
                    if let records = try await self.lag(at: url) { lag.records += records } else { lag.silent += 1 }
                } catch {
                    lag.silent += 1
                }
            }
        } catch {
            lag.silent += 1
        }
        return lag
    }

    /// What waits for the processors of one program, 0 where it has none; nil where it does not say.
    private func lag(at url: String) async throws -> Int? {
        let answer = try await http.execute(HTTPClientRequest(url: "\(url)/partitions"), timeout: .seconds(5))
        if answer.status == .notFound { return 0 }
        guard answer.status == .ok else { return nil }
        let body = try await answer.body.collect(upTo: 256 * 1_024)
        let reports = try ContractCoding.decode([PartitionReport].self, from: Data(body.readableBytesView))
        return reports.reduce(0) { $0 + Int($1.lag ?? 0) }
    }
}
