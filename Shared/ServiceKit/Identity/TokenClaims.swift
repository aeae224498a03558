import JWTKit

/// What a token says of its bearer.
struct TokenClaims: JWTPayload {
    let sub: String
    /// As they were written; roles that are not known here say nothing here.
    let roles: [String]?
    /// Seconds since 1970.
    let exp: Double
    let iat: Double?
    let iss: String?

    /// Checks nothing: the times are judged against the clock that ``TokenVerifier`` was given.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    var principal: Principal {
        Principal(subject: sub, roles: Set((roles ?? []).compactMap(Role.init(rawValue:))))
    }
}
