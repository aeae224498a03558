import NIOPosix

/// Runs file work on NIO's threads for it, so that a slow disk or a lost share holds up nothing else of the program.
///
/// Work that was handed over is done even when the task is cancelled meanwhile: a file is never left in between.
func onFileThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        NIOThreadPool.singleton.submit { _ in continuation.resume(with: Result(catching: work)) }
    }
}
