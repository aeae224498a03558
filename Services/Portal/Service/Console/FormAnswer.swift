import Contracts
import Hummingbird
import ServiceKit

extension PageRoutes {
    /// Gives the command of a form: leads to `page` where it was taken, else shows the page again with what was wrong.
    ///
    /// - Parameter show: The page with a trouble on it; what was typed is still in the form that it is given.
    func giveForm(
        of request: Request, to page: String, _ give: () async throws -> CommandDoor.Given,
        orShow show: (_ trouble: String) async throws -> Response
    ) async throws -> Response {
        let given: CommandDoor.Given
        do {
            given = try await give()
        } catch let problem as ProblemDetails
            where [.unprocessableContent, .conflict, .notFound].contains(problem.status)
        {
            return try await show(problem.sentence)
        }
        switch given.answer {
        case .outcome(.refused(let refusal)):
            return try await show(Bilingual.half(refusal.reason, visit(request).language))
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome: return .leading(to: page + "?done=1")
        case .pending: return .leading(to: page + "?pending=1")
        }
    }

    /// What the answer to a form says on the page that it leads to.
    func noteOutcome(of request: Request, in content: inout [String: Any], trouble: String?) {
        if let trouble { content["trouble"] = trouble }
        let query = request.uri.queryParameters
        if query["done"] != nil { content["isDone"] = true }
        if query["pending"] != nil { content["isPending"] = true }
    }
}

extension ProblemDetails {
    /// All that is wrong, for a page.
    fileprivate var sentence: String {
        guard !errors.isEmpty else { return detail ?? title }
        return errors.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
    }
}
