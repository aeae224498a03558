package import Hummingbird

/// What is known of who asks.
package enum Identity: Sendable {
    case anonymous
    case known(Principal)
    /// A token came, but it is not believed.
    case refused(TokenRefusal)
}

/// A context in which ``AuthenticationMiddleware`` leaves what it found.
package protocol IdentityContext: RequestContext {
    var identity: Identity { get set }
}

/// The keys by which programs of others are known.
package protocol KeyHolders: Sendable {
    /// Whose key this is: nil where it is none, and so perhaps a token.
    func holder(of text: String) -> Result<Principal, TokenRefusal>?
}

/// Reads the bearer token or key, if there is one, and notes whose it is.
///
/// Refuses nothing: routes that need somebody lie in a group with ``AuthenticatedRequestContext``.
package struct AuthenticationMiddleware<Context: IdentityContext>: RouterMiddleware {
    private let verifier: TokenVerifier
    private let keys: (any KeyHolders)?
    private let cookie: String?
    private let pseudonyms: Pseudonyms?
    private let forwarded: ForwardedIdentity?

    /// - Parameters:
    ///   - keys: where given, a bearer may also be a key.
    ///   - cookie: the name of a cookie that may carry the token, for pages; the header goes first. A route that
    ///     changes something must then guard against requests forged by other sites.
    ///   - pseudonyms: where given, whoever asks is also known by their confidential name.
    ///   - forwarded: where given, portal may say who asks.
    package init(
        verifier: TokenVerifier, keys: (any KeyHolders)? = nil, cookie: String? = nil, pseudonyms: Pseudonyms? = nil,
        forwarded: ForwardedIdentity? = nil
    ) {
        self.pseudonyms = pseudonyms
        self.forwarded = forwarded
        self.verifier = verifier
        self.keys = keys
        self.cookie = cookie
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let found = await principal(of: request) else { return try await next(request, context) }
        var context = context
        switch found {
        case .success(let principal):
            context.identity = .known(
                Principal(
                    subject: principal.subject, roles: principal.roles,
                    confidentialName: pseudonyms?.confidentialName(of: principal.subject)))
        case .failure(let refusal): context.identity = .refused(refusal)
        }
        return try await next(request, context)
    }

    /// Nil where nobody says who asks.
    private func principal(of request: Request) async -> Result<Principal, TokenRefusal>? {
        if let forwarded, let header = request.headers[.authorization],
            let word = Self.word(of: header, behind: ForwardedIdentity.scheme)
        {
            return await forwarded.verifier.principal(of: word)
        }
        guard let token = token(of: request) else { return nil }
        if let found = keys?.holder(of: token) { return found }
        return await verifier.principal(of: token)
    }

    private func token(of request: Request) -> String? {
        if let header = request.headers[.authorization] {
            return Self.word(of: header, behind: "bearer")
        }
        return cookie.flatMap { request.cookies[$0]?.value }
    }

    /// What follows the scheme, in any case, between blanks; by bytes, since every request passes here.
    private static func word(of header: String, behind scheme: StaticString) -> String? {
        let bytes = header.utf8
        guard let blank = bytes.firstIndex(of: UInt8(ascii: " ")),
            scheme.withUTF8Buffer({ bytes[..<blank].lazy.map { $0 | 0x20 }.elementsEqual($0) })
        else { return nil }
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let rest = bytes[blank...].drop(while: isBlank)
        let end = rest.lastIndex { !isBlank($0) }.map(rest.index(after:)) ?? rest.startIndex
        return String(rest[..<end])
    }
}
