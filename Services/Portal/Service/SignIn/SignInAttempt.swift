import Crypto
import Foundation
import ServiceKit

/// A sign-in that has begun: what must come back from the provider, kept sealed in the browser meanwhile.
struct SignInAttempt: Codable, Sendable, Equatable {
    /// Ties the answer to this browser.
    let state: String
    /// Ties the id token to this sign-in.
    let nonce: String
    /// Ties the code to this sign-in: PKCE, RFC 7636.
    let verifier: String
    /// The page that was wanted.
    let back: String
    /// Seconds since 1970.
    let expiresAt: Int64

    /// Ten minutes, in seconds.
    static let lifetime: Int64 = 600

    init(back: String, now: Date) {
        state = Self.secret()
        nonce = Self.secret()
        verifier = Self.secret()
        self.back = back
        expiresAt = Int64(now.timeIntervalSince1970) + Self.lifetime
    }

    /// `S256` of the verifier.
    var challenge: String { Self.challenge(of: verifier) }

    static func challenge(of verifier: String) -> String { Base64URL.text(SHA256.hash(data: Data(verifier.utf8))) }

    /// 256 bits.
    private static func secret() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.text($0) }
    }
}

/// The pages of this program that a sign-in may lead to.
enum WayBack {
    /// The path where it is one of ours; `/me` for anything else: nobody is led to another site.
    static func checked(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), path.utf8.count <= 512
        else { return "/me" }
        return path
    }

    /// Where somebody goes who has signed in: where they wanted to, but staff to their part of the console where they
    /// wanted nothing in particular, or a page that is for those who report.
    static func landing(_ back: String, for principal: Principal) -> String {
        let roles = Array(principal.roles)
        guard let console = StaffNavigation.open(to: roles).first?.path else { return back }
        let mayReport = principal.has(anyOf: [.rider, .resident])
        let isForReporters = ["/report", "/wallet", "/inbox"].contains(back)
        return back == "/me" || (isForReporters && !mayReport) ? console : back
    }
}
