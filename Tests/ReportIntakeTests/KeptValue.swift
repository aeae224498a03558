import Synchronization

/// A value that a concurrent piece of a test leaves for the rest of it.
final class KeptValue<Value: Sendable>: Sendable {
    private let kept: Mutex<Value>

    init(_ value: Value) { kept = Mutex(value) }

    var value: Value { kept.withLock { $0 } }

    func set(_ value: Value) { kept.withLock { $0 = value } }
}
