import Hummingbird
import ServiceKit

/// Whether somebody wants large type 大字: a cookie of their browser, so that pages come large at once, and without scripts.
enum LargeType {
    /// Scripts set it, too.
    static let cookieName = "suishoupai_large"

    static func isWanted(by request: Request) -> Bool { request.cookies[cookieName]?.value == "yes" }

    static func cookie(_ isWanted: Bool, isSecure: Bool) -> Cookie {
        Cookie(
            name: cookieName, value: isWanted ? "yes" : "no", maxAge: 365 * 86_400, path: "/", secure: isSecure,
            httpOnly: false, sameSite: .lax)
    }
}
