import ServiceKit

/// Who holds which API key of Open311: platforms their keys, people bearer tokens for their own reports.
struct APIKeys: Sendable {
    let platforms: any KeyHolders
    let verifier: TokenVerifier

    /// Nil where nobody holds the key.
    ///
    /// - Throws: `ProblemDetails` 503 where keys cannot be checked at the moment.
    func holder(of key: String) async throws(ProblemDetails) -> Principal? {
        let found =
            switch platforms.holder(of: key) {
            case let found?: found
            case nil: await verifier.principal(of: key)
            }
        switch found {
        case .success(let principal): return principal
        case .failure(.keysUnavailable): throw .keysUnavailable(retryAfter: .seconds(10))
        case .failure: return nil
        }
    }
}
