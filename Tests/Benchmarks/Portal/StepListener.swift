import Contracts
import Foundation
import NIOCore
import Synchronization

/// One who follows the feed, and notes when each step comes.
final class StepListener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tally: StepTally
    private var rest = ""

    init(_ tally: StepTally) { self.tally = tally }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        rest += String(buffer: unwrapInboundIn(data))
        while let end = rest.range(of: "\n\n") {
            tally.note(frame: rest[..<end.lowerBound])
            rest = String(rest[end.upperBound...])
        }
    }
}

/// When steps came to how many listeners.
final class StepTally: Sendable {
    private struct Step {
        var count = 0
        /// When it came to the last one, in milliseconds after it was made.
        var wait = 0.0
    }

    private struct State {
        var greeted = 0
        var steps: [String: Step] = [:]
    }

    private let state = Mutex(State())

    var greeted: Int { state.withLock(\.greeted) }

    func note(frame: some StringProtocol) {
        if frame.contains("event: ready") { return state.withLock { $0.greeted += 1 } }
        guard let id = Self.part(of: frame, between: "id: ", "\n"),
            let moment = Self.part(of: frame, between: "\"at\":\"", "\"").flatMap({ Timestamp($0) })
        else { return }
        let wait = Date().timeIntervalSince1970 * 1_000 - Double(moment.milliseconds)
        state.withLock { state in
            state.steps[id, default: Step()].count += 1
            state.steps[id, default: Step()].wait = max(state.steps[id]?.wait ?? 0, wait)
        }
    }

    /// How many steps have come to everybody.
    func heardByAll(_ listeners: Int) -> Int { waits(listeners).count }

    func waits(_ listeners: Int) -> [Double] {
        state.withLock { $0.steps.values.filter { $0.count >= listeners }.map(\.wait) }
    }

    private static func part(of text: some StringProtocol, between start: String, _ end: String) -> String? {
        guard let from = text.range(of: start), let to = text[from.upperBound...].range(of: end) else { return nil }
        return String(text[from.upperBound..<to.lowerBound])
    }
}
