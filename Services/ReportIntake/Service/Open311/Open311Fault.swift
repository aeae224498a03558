import Hummingbird
import ServiceKit

/// Why a call was not done: an `<errors>` document with a sentence for each thing that is wrong.
struct Open311Fault: Error, Equatable, Sendable {
    let status: HTTPResponse.Status
    /// Shown to people as they stand; what the caller wrote is not repeated in them.
    let descriptions: [String]
    var headers: HTTPFields = [:]

    /// 400: an argument is missing or wrong.
    static func badRequest(_ descriptions: String...) -> Open311Fault {
        Open311Fault(status: .badRequest, descriptions: descriptions)
    }

    /// 403: no key, or none that may do this.
    static func forbidden(_ description: String) -> Open311Fault {
        Open311Fault(status: .forbidden, descriptions: [description])
    }

    /// 404: a jurisdiction, service, token or request that is not here.
    static func notFound(_ description: String) -> Open311Fault {
        Open311Fault(status: .notFound, descriptions: [description])
    }

    /// Throws 400 where there is anything to say.
    static func throwIfAny(_ wrong: [String]) throws(Open311Fault) {
        guard !wrong.isEmpty else { return }
        throw Open311Fault(status: .badRequest, descriptions: wrong)
    }

    var answer: Open311Answer {
        let errors = descriptions.map { description in
            ResponseTree.members(["code": .integer(status.code), "description": .text(description)])
        }
        return Open311Answer(root: "errors", tree: .list(of: "error", errors), status: status, headers: headers)
    }
}

extension Open311Fault {
    /// An error that left a call; nil for what nobody expected, which is a matter for the log.
    static func of(_ error: any Error) -> Open311Fault? {
        switch error {
        case let fault as Open311Fault: return fault
        case let problem as ProblemDetails:
            let details = problem.errors.map { $0.field.isEmpty ? "It \($0.message)." : "\($0.field) \($0.message)." }
            return Open311Fault(
                // The standard knows no other word for what cannot be accepted.
                status: problem.status == .unprocessableContent ? .badRequest : problem.status,
                descriptions: details.isEmpty ? [problem.detail ?? problem.title] : details,
                headers: problem.headers)
        default: return nil
        }
    }
}
