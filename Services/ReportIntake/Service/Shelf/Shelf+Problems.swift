import ObjectStore
import ServiceKit

extension Shelf {
    /// Things lie elsewhere, and that place does not answer.
    static var unreachable: ProblemDetails {
        .unavailable(
            retryAfter: .seconds(10),
            "The place where \(Item.kind.many) are kept does not answer. Send it again later.")
    }

    static var absent: ProblemDetails { .notFound("There is no such \(Item.kind.one) here.") }

    /// What went wrong, said to who asked; what is wrong with us is retried by them later.
    ///
    /// - Parameter field: which part of the request the thing is; empty for the body as a whole.
    static func orProblem<Value>(field: String = "", _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as Item.Refusal {
            throw ProblemDetails.unprocessable(errors: [.init(field: field, message: error.description)])
        } catch is Bench.Busy {
            throw ProblemDetails.unavailable(
                retryAfter: .seconds(2),
                "Many \(Item.kind.many) are being taken in just now. Send it again in a moment.")
        } catch is ObjectStoreError {
            throw unreachable
        }
    }
}
