/// A condition was not met in time.
package struct TimeIsUp: Error, CustomStringConvertible {
    package let what: String
    package var description: String { "time is up, and still not: \(what)" }
}

/// Waits until a condition holds, and gives up after the deadline.
///
/// - Parameter what: What is waited for, in words, for the report of a test that gives up.
package func eventually(
    _ what: String, within timeout: Duration = .seconds(30),
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + timeout
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw TimeIsUp(what: what) }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Waits until there is a value, and gives up after the deadline.
package func eventually<Value>(
    _ what: String, within timeout: Duration = .seconds(30),
    isolation: isolated (any Actor)? = #isolation, value: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + timeout
    while true {
        if let found = try await value() { return found }
        guard ContinuousClock.now < deadline else { throw TimeIsUp(what: what) }
        try await Task.sleep(for: .milliseconds(10))
    }
}
