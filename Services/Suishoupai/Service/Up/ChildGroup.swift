import ServiceLifecycle

/// Keeps several children and stops them all at once: one after the other, many would take longer than there is time.
struct ChildGroup: Service {
    let keepers: [ChildKeeper]

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for keeper in keepers { group.addTask { try await keeper.run() } }
            try await group.waitForAll()
        }
    }
}
