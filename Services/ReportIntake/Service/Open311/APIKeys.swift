import ServiceKit

/// Who holds which API key of Open311.
protocol APIKeys: Sendable {
    /// Nil where nobody holds the key.
    ///
    /// - Throws: `ProblemDetails` 503 where keys cannot be checked at the moment.
    func holder(of key: String) async throws(ProblemDetails) -> Principal?
}

/// Keys that are bearer tokens of this system: those of a platform, or of a person for their own reports.
struct TokenKeys: APIKeys {
    let verifier: TokenVerifier

    func holder(of key: String) async throws(ProblemDetails) -> Principal? {
        switch await verifier.principal(of: key) {
        case .success(let principal): return principal
        case .failure(.keysUnavailable): throw .keysUnavailable(retryAfter: .seconds(10))
        case .failure: return nil
        }
    }
}
