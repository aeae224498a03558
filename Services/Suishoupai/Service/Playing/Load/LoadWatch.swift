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
    private static let pause = Duration.seconds(2)

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
    }

    /// Looks until `work` is done, and once more.
    func during<Result: Sendable>(_ work: @Sendable @escaping () async throws -> Result) async throws -> (Result, Seen)
    {
        let first = try look()
        let (result, peak) = try await withThrowingTaskGroup(of: Part<Result>.self) { group in
            group.addTask { .done(try await work()) }
            group.addTask {
                let peak = try await watch()
                return .peak(bytes: peak.bytes, lag: peak.lag)
            }
            var result: Result?
            var peak = (bytes: first.residentBytes, lag: 0)
            while let part = try await group.next() {
                switch part {
                case .done(let value):
                    result = value
                    group.cancelAll()
                case .peak(let bytes, let lag): peak = (max(peak.bytes, bytes), max(peak.lag, lag))
                }
            }
            guard let result else { throw CancellationError() }
            return (result, peak)
        }
        let last = try look()
        let lag = await lag()
        return (
            result,
            Seen(
                first: first, last: last, mostResidentBytes: max(peak.bytes, last.residentBytes),
                mostLag: max(peak.lag, lag), lastLag: lag)
        )
    }

    private enum Part<Result: Sendable>: Sendable {
        case done(Result)
        case peak(bytes: Int, lag: Int)
    }

    /// Until it is cancelled.
    private func watch() async throws -> (bytes: Int, lag: Int) {
        var peak = (bytes: 0, lag: 0)
        while !Task.isCancelled {
            peak = (max(peak.bytes, try look().residentBytes), max(peak.lag, await lag()))
            do { try await Task.sleep(for: Self.pause) } catch is CancellationError { break }
        }
        return peak
    }

    private func look() throws -> MachineLook {
        MachineLook.take(try RunFile.read(folder.runFile) ?? .init(), folder: folder.url)
    }

    /// How many records wait in the logs of all processors; who does not answer counts as nothing.
    private func lag() async -> Int {
        var sum = 0
        do {
            let contents = try RunFile.read(folder.runFile) ?? .init()
            for entry in contents.services.values {
                guard let url = entry.url else { continue }
                let answer = try await http.execute(HTTPClientRequest(url: "\(url)/partitions"), timeout: .seconds(5))
                guard answer.status == .ok else { continue }
                let body = try await answer.body.collect(upTo: 256 * 1_024)
                let reports = try ContractCoding.decode([PartitionReport].self, from: Data(body.readableBytesView))
                sum += reports.reduce(0) { $0 + Int($1.lag ?? 0) }
            }
        } catch {
            // Somebody was away for a moment: the next look sees them.
            return sum
        }
        return sum
    }
}
