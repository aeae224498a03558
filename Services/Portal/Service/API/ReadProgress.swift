import EventProcessing
import HTTPTypes
import Hummingbird
import ServiceKit

/// How far this instance has read, and waiting for it to read on.
struct ReadProgress: Sendable {
    let position: @Sendable () -> ReadPosition
    let wait: @Sendable (ReadPosition, Duration) async -> Bool
    /// Whether all was read that stood on the topics when the session with the broker began.
    let isCaughtUp: @Sendable () -> Bool

    init(
        position: @escaping @Sendable () -> ReadPosition,
        wait: @escaping @Sendable (ReadPosition, Duration) async -> Bool,
        isCaughtUp: @escaping @Sendable () -> Bool = { true }
    ) {
        self.position = position
        self.wait = wait
        self.isCaughtUp = isCaughtUp
    }

    init(_ projection: ProjectionService) {
        position = { projection.readPosition() }
        wait = { await projection.wait(until: $0, timeout: $1) }
        isCaughtUp = { projection.isCaughtUp() }
    }
}

extension HTTPField.Name {
    /// How far the answering instance had read; sent back, the next instance first reads so far.
    static let readPosition = known("Read-Position")
}

/// Lets nobody see less than they saw before, whichever instance answers.
struct ReadPositionMiddleware<Context: RequestContext>: RouterMiddleware {
    private static var patience: Duration { .seconds(3) }

    let progress: ReadProgress

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let text = request.headers[.readPosition] {
            guard text.utf8.count <= 8_192, let position = ReadPosition(text: text) else {
                throw ProblemDetails.badRequest(errors: [
                    .init(field: "Read-Position", message: "must be the Read-Position of an earlier answer")
                ])
            }
            guard await progress.wait(position, Self.patience) else {
                throw ProblemDetails.unavailable(
                    retryAfter: .seconds(1), "This instance has not read so far yet. Try again, or ask another one.")
            }
        }
        var response = try await next(request, context)
        response.headers[.readPosition] = progress.position().text
        return response
    }
}
