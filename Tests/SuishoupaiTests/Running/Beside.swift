import ServiceLifecycle
import ServiceLifecycleTestKit

/// Runs a service while the body runs, and stops it as its program is stopped.
func beside(_ service: some Service, _ body: @Sendable @escaping () async throws -> Void) async throws {
    try await testGracefulShutdown { trigger in
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body())
            } catch {
                outcome = .failure(error)
            }
            trigger.triggerGracefulShutdown()
            try await group.waitForAll()
            try outcome.get()
        }
    }
}
