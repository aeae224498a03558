import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

extension CommandDoor {
    /// Gives a command and answers with what came of it; refusals and failures are problem documents.
    ///
    /// - Parameter view: What the caller is shown, where it was `applied` or is `pending`.
    func answer<Data: Message, View: ResponseEncodable>(
        _ wanted: WantedCommand<Data>, _ success: HTTPResponse.Status, to request: Request,
        _ context: AuthenticatedRequestContext, _ view: (_ command: MessageID, _ outcome: String) async throws -> View
    ) async throws -> Response {
        let given = try await give(wanted)
        switch given.answer {
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome(.applied), .outcome(.noted):
            var response = try await view(given.id, "applied").response(from: request, context: context)
            response.status = success
            return response
        case .pending:
            var response = try await view(given.id, "pending").response(from: request, context: context)
            response.status = .accepted
            response.headers[.location] = "/v1/commands/\(given.id)"
            response.headers[.retryAfter] = "2"
            return response
        }
    }
}
