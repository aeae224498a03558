import AsyncHTTPClient
import EventProcessing
import Foundation
import NIOCore
import Synchronization

/// Looks again and again who owns which partition, and for how long nobody does.
final class OwnershipWatch: Sendable {
    struct Seen: Sendable {
        var takeovers = 0
        var owners: [String: Int32] = [:]
        var absentSince: [String: ContinuousClock.Instant] = [:]
        var absences: [Double] = []
        var refusals: Set<String> = []
    }

    private let deployment: Deployment
    private let state = Mutex(Seen())
    private static let processors = ["case-routing", "points", "notifications"]

    init(_ deployment: Deployment) {
        self.deployment = deployment
    }

    var seen: Seen { state.withLock { $0 } }

    /// Watches until cancelled.
    func run() async throws {
        while !Task.isCancelled {
            try await look()
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    private func look() async throws {
        var now: [String: Int32] = [:]
        var refusals: Set<String> = []
        for (name, entry) in try deployment.readReplicas() {
            guard let service = Self.processors.first(where: name.hasPrefix), let url = entry.url else { continue }
            for report in try await deployment.partitions(at: url) {
                if report.state == .running { now["\(service)/\(report.partition)"] = entry.pid }
                if report.state == .refused {
                    refusals.insert("\(service)/\(report.partition): \(report.detail ?? "")")
                }
            }
        }
        let moment = ContinuousClock.now
        state.withLock { seen in
            seen.refusals.formUnion(refusals)
            for partition in Self.processors.flatMap({ service in (0..<4).map { "\(service)/\($0)" } }) {
                if let owner = now[partition] {
                    if let known = seen.owners[partition], known != owner { seen.takeovers += 1 }
                    seen.owners[partition] = owner
                    if let since = seen.absentSince.removeValue(forKey: partition) {
                        seen.absences.append((moment - since) / .seconds(1))
                    }
                } else if seen.owners[partition] != nil, seen.absentSince[partition] == nil {
                    seen.absentSince[partition] = moment
                }
            }
        }
    }
}

extension Deployment {
    /// How a processor's process stands with its partitions.
    ///
    /// One that does not answer owns nothing that anybody can see.
    func partitions(at url: String) async throws -> [PartitionReport] {
        do {
            let answer = try await http.execute(
                HTTPClientRequest(url: "\(url)/partitions"), timeout: .milliseconds(800))
            let body = try await answer.body.collect(upTo: 1 << 20)
            return try JSONDecoder().decode([PartitionReport].self, from: Data(body.readableBytesView))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return []
        }
    }
}
