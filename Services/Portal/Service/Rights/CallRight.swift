import Hummingbird
import ServiceKit

/// Who may make a call, open a page or send its form: a row of the table that ``RightsMiddleware`` decides by.
struct CallRight: Sendable {
    enum Caller: Sendable, Equatable {
        /// Without a token or a session, too.
        case everybody
        /// Whoever has a token or a session, with any role or none.
        case signedIn
        case roles(Set<Role>)
        /// One of the roles, or a relation to what is asked for, which the call itself looks up.
        case related(Set<Role>)
    }

    /// As a router spells it, such as `GET /v1/cases/{id}`.
    let call: String
    let caller: Caller
    /// What the call looks at besides, in words.
    let limit: String

    init(_ call: String, _ caller: Caller, _ limit: String = "") {
        self.call = call
        self.caller = caller
        self.limit = limit
    }

    /// - Throws: ``ProblemDetails`` 403.
    func check(_ principal: Principal) throws(ProblemDetails) {
        guard case .roles(let roles) = caller else { return }
        try principal.require(anyOf: roles)
    }

    /// Whether somebody's roles are enough, whatever they have to do with what is asked for.
    func suffices(_ held: Set<Role>) -> Bool {
        switch caller {
        case .everybody, .signedIn: true
        case .roles(let roles), .related(let roles): !roles.isDisjoint(with: held)
        }
    }

    /// Whether a page may offer a call to somebody with these roles.
    static func opens(_ call: String, to held: Set<Role>) -> Bool { byCall[call]?.suffices(held) == true }

    /// For a call that looks up itself what who asks has to do with what is asked for.
    ///
    /// - Throws: ``ProblemDetails`` 403.
    func check(_ principal: Principal, isRelated: Bool) throws(ProblemDetails) {
        guard case .related(let roles) = caller, !isRelated else { return }
        try principal.require(anyOf: roles)
    }

    /// The row of a call that is being made.
    ///
    /// - Throws: ``ProblemDetails`` 403 where there is none.
    static func of(_ request: Request, _ context: AuthenticatedRequestContext) throws(ProblemDetails) -> CallRight {
        // Whoever may read may ask for the head alone.
        let method = request.method == .head ? "GET" : request.method.rawValue
        guard let right = byCall["\(method) \(context.endpointPath ?? "")"] else {
            throw .forbidden("Nobody may make this call: it is not in the table of rights.")
        }
        return right
    }

    static let byCall = Dictionary(uniqueKeysWithValues: all.map { ($0.call, $0) })
}

/// Lets through whom the table of rights names for the call; a call that is not in it is nobody's.
struct RightsMiddleware: RouterMiddleware {
    typealias Context = AuthenticatedRequestContext

    /// What all others get instead of the problem.
    var otherwise: (@Sendable (Request, Context) -> Response)?

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            try CallRight.of(request, context).check(context.principal)
        } catch {
            guard let otherwise else { throw error }
            return otherwise(request, context)
        }
        return try await next(request, context)
    }
}

extension Router<ServiceRequestContext> {
    /// A group of calls that the table of rights decides about, of whoever is known.
    func guarded(
        _ path: RouterPath = "", by rights: RightsMiddleware = RightsMiddleware()
    ) -> RouterGroup<AuthenticatedRequestContext> {
        group(path, context: AuthenticatedRequestContext.self).add(middleware: rights)
    }
}
