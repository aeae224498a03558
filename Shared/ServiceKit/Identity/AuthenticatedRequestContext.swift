package import Hummingbird

/// The context of a request whose sender is known: a handler that gets one cannot be reached without.
package struct AuthenticatedRequestContext: ChildRequestContext {
    package typealias ParentContext = ServiceRequestContext

    package var coreContext: CoreRequestContextStorage
    package let principal: Principal

    /// - Throws: ``ProblemDetails`` 401 that says what is missing, or 503 when the keys cannot be read.
    package init(context: ServiceRequestContext) throws {
        coreContext = context.coreContext
        principal = try context.identity.proven()
    }

    package var maxUploadSize: Int { ServiceRequestContext.largestBody }
    package var requestDecoder: ServiceJSON { ServiceJSON() }
    package var responseEncoder: ServiceJSON { ServiceJSON() }

    /// Throws 403 unless the sender has one of the roles.
    package func requireRole(_ roles: Role...) throws(ProblemDetails) {
        try principal.require(anyOf: Set(roles))
    }
}

extension Identity {
    /// The principal, or a problem that says what to do.
    package func proven() throws(ProblemDetails) -> Principal {
        switch self {
        case .known(let principal): return principal
        case .anonymous: throw .unauthorized()
        case .refused(.keysUnavailable): throw .keysUnavailable(retryAfter: .seconds(10))
        case .refused(let refusal):
            throw .unauthorized(
                refusal.advice, challenge: #"Bearer realm="suishoupai", error="invalid_token""#)
        }
    }
}

extension Principal {
    /// Throws 403 unless one of the roles is held.
    package func require(anyOf roles: Set<Role>) throws(ProblemDetails) {
        guard has(anyOf: roles) else {
            let names = roles.map(\.rawValue).sorted().joined(separator: " or ")
            throw .forbidden("This needs the role \(names). Sign in as someone who has it, or ask the operator for it.")
        }
    }
}

extension TokenRefusal {
    var advice: String {
        switch self {
        case .malformed: "The token cannot be read. Get a new one and send it as Authorization: Bearer <token>."
        case .wrongSignature: "The token was not made by anyone known here. Get one from this system."
        case .expired: "The token is too old. Get a new one."
        case .fromTheFuture: "The token is not valid yet. Check the clock of the machine that made it."
        case .wrongIssuer: "The token was made for another system. Get one from this system."
        case .unknownKey: "This key is not known, or was taken back. Ask the operator for one."
        case .keysUnavailable: "Tokens cannot be checked at the moment. Try again."
        }
    }
}

/// Lets through only those who have one of the roles.
package struct RoleMiddleware: RouterMiddleware {
    package typealias Context = AuthenticatedRequestContext
    private let roles: Set<Role>

    package init(_ roles: Role...) {
        self.roles = Set(roles)
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try context.principal.require(anyOf: roles)
        return try await next(request, context)
    }
}
