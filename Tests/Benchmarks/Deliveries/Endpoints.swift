import Contracts
import EventProcessing
import Foundation
import GRDB
import Synchronization

/// Plans one message for each command, all due at one moment.
struct EndpointsProcessor: Processor {
    let due: Timestamp

    let name = "notifications"
    let logic = 1
    let commandTopic = TopicCatalogue.notificationCommands
    let eventTopic = TopicCatalogue.notificationEvents
    let machineTables: [String] = []

    func migrate(_ migrator: inout DatabaseMigrator) {}

    func decide(_ command: Command, in transaction: Transaction) throws -> Disposition {
        guard command.attributes.type == MarkRead.type else { return .applied }
        let name = try command.read(MarkRead.self).data.messageId.rawValue
        let lane = name.split(separator: "|").first.map(String.init) ?? name
        try transaction.planDelivery(
            DeliveryID(name), payload: Data(repeating: UInt8(ascii: "x"), count: 1_000), lane: lane, notBefore: due)
        return .applied
    }
}

/// Endpoints of which one in so many takes ten seconds to answer, and the others five milliseconds.
final class EndpointsEdge: DeliveryEdge {
    private let slowEvery: Int?
    private let due: Timestamp
    private let told = Mutex<[Double]>([])

    init(slowEvery: Int?, due: Timestamp) {
        self.slowEvery = slowEvery
        self.due = due
    }

    /// When fast endpoints had answered, in milliseconds after everything was due.
    var waits: [Double] { told.withLock { $0 } }
    var count: Int { told.withLock { $0.count } }

    func isSlow(endpoint: Int) -> Bool { slowEvery.map { endpoint % $0 == 0 } ?? false }

    func canRepeat(_ delivery: PlannedDelivery) -> Bool { true }

    func send(_ delivery: PlannedDelivery) async -> DeliveryResult {
        let endpoint = Int(delivery.lane.split(separator: "-").last ?? "") ?? 0
        let isSlow = isSlow(endpoint: endpoint)
        do {
            try await Task.sleep(for: isSlow ? .seconds(10) : .milliseconds(5))
        } catch {
            return .failed(reason: "cut off", canRetry: true)
        }
        let wait = Double(Timestamp.now.milliseconds - due.milliseconds)
        if !isSlow { told.withLock { $0.append(wait) } }
        return .delivered
    }
}
