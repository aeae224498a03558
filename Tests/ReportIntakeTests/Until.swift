import Testing

/// Waits for a condition that another task brings about.
func until(_ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while !condition() {
        try #require(ContinuousClock.now < deadline, "the condition did not come about")
        await Task.yield()
    }
}
