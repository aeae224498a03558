import Logging
import ServiceLifecycle

/// Runs services while the body runs, and stops them as a program is stopped.
func running(_ services: [any Service], _ body: @Sendable () async throws -> Void) async throws {
    let group = ServiceGroup(services: services, logger: Logger(label: "test"))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        do {
            try await body()
        } catch {
            tasks.cancelAll()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Runs services while the body runs, and then cuts them off: nothing is finished, no last snapshot is taken.
func cuttingOff(_ services: [any Service], _ body: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        for service in services {
            tasks.addTask {
                do { try await service.run() } catch is CancellationError { return }
            }
        }
        defer { tasks.cancelAll() }
        try await body()
    }
}
