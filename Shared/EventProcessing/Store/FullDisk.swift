import GRDB
import Logging

/// Keeps an edge going while its disk is full: the write is tried again until there is room.
///
/// An edge that ended would answer nobody; one that goes on tells each sender that nothing was stored.
struct FullDisk: Sendable {
    let signals: RuntimeSignals
    let logger: Logger

    private static let pause = Duration.seconds(1)

    func wait<Value>(_ write: () async throws -> Value) async throws -> Value {
        var isSaid = false
        while true {
            do {
                let value = try await write()
                if isSaid { sayOver() }
                return value
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                if !isSaid { say(error) }
                isSaid = true
                signals.beat()
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    private func say(_ error: DatabaseError) {
        signals.condition("disk", "the disk is full: make room, nothing is lost meanwhile")
        logger.critical("The disk is full: make room; this goes on by itself then", metadata: ["error": "\(error)"])
    }

    private func sayOver() {
        signals.condition("disk", nil)
        logger.notice("The disk takes writes again")
    }
}
