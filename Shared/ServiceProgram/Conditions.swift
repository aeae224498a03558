import Synchronization

/// What is wrong at the moment, by name.
final class Conditions: Sendable {
    private let details: Mutex<[String: String]> = Mutex([:])

    func set(_ name: String, _ detail: String?) {
        details.withLock { $0[name] = detail }
    }

    /// The first of the conditions by name; nil when all is well.
    var worst: String? {
        details.withLock { details in
            details.min { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        }
    }
}
