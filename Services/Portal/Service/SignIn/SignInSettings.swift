import Configuration
import Foundation
import ServiceKit

/// How people sign in with a browser, and where they come from.
///
/// ## Configuration keys
/// - `oidc.issuer` (`OIDC_ISSUER`): the OpenID Connect provider, as it writes itself in `iss`; https, or http on this
///   machine. None: no sign-in by it.
/// - `oidc.client.id` (`OIDC_CLIENT_ID`): how it knows portal.
/// - `oidc.client.secret` (`OIDC_CLIENT_SECRET`), or `oidc.client.secret.file` (`OIDC_CLIENT_SECRET_FILE`): portal's
///   secret there; none for a public client.
/// - `oidc.scope` (`OIDC_SCOPE`; `openid`): what portal asks for.
/// - `oidc.roles.claim` (`OIDC_ROLES_CLAIM`; `roles`): the claim of the id token that lists roles.
/// - `oidc.default.role` (`OIDC_DEFAULT_ROLE`): the role of those who have none, such as `resident`.
/// - `portal.address` (`SUISHOUPAI_PORTAL_ADDRESS`): the address by which browsers reach portal, such as
///   `https://ssp.example.org`; needed with `oidc.issuer`.
/// - `portal.trial` (`SUISHOUPAI_PORTAL_TRIAL`; `false`): anyone may choose who to be, to try things out: on the loopback
///   address only, never beside a provider. `suishoupai up` sets it.
struct SignInSettings: Sendable {
    /// The provider and how it knows portal.
    struct Provider: Sendable {
        let issuer: String
        let discovery: KeyProvider
        let clientID: String
        let clientSecret: String?
        let scope: String
        let rolesClaim: String
        let defaultRole: Role?
        let redirectURI: String
    }

    let provider: Provider?
    let isTrial: Bool
    let isSecure: Bool

    static let none = SignInSettings(provider: nil, isTrial: false, isSecure: false)

    init(provider: Provider?, isTrial: Bool, isSecure: Bool) {
        self.provider = provider
        self.isTrial = isTrial
        self.isSecure = isSecure
    }

    /// - Throws: `ConfigurationError`, a sentence that names the key.
    init(config: ConfigReader, host: String, signsOwnTokens: Bool) throws {
        let settings = Settings(config)
        let address = try Self.address(settings)
        provider = try Self.provider(settings, address: address)
        isSecure = address?.hasPrefix("https://") == true
        isTrial = try settings.flag("portal.trial") ?? false
        guard isTrial else { return }
        guard Self.isLoopback(host), signsOwnTokens, provider == nil else {
            throw ConfigurationError(
                key: "portal.trial",
                mustBe: "left out: everyone could be everyone. It is for http.host 127.0.0.1 without a provider only")
        }
    }

    private static func provider(_ settings: Settings, address: String?) throws -> Provider? {
        guard let issuer = settings.text("oidc.issuer") else { return nil }
        guard let url = URL(string: issuer.trimmingSuffix("/") + "/.well-known/openid-configuration"),
            let discovery = KeyProvider(url)
        else {
            throw ConfigurationError(
                key: "oidc.issuer", mustBe: "a URL that begins with https:// (http:// only on this machine)")
        }
        guard let address else {
            throw ConfigurationError(
                key: "portal.address", mustBe: "given with oidc.issuer: browsers come back there")
        }
        let defaultRole = try settings.choice("oidc.default.role", Role.allCases)
        return Provider(
            issuer: issuer, discovery: discovery, clientID: try settings.required("oidc.client.id"),
            clientSecret: try secret(settings), scope: settings.text("oidc.scope") ?? "openid",
            rolesClaim: settings.text("oidc.roles.claim") ?? "roles", defaultRole: defaultRole,
            redirectURI: address + "/sign-in/back")
    }

    private static func secret(_ settings: Settings) throws -> String? {
        if let secret = settings.text("oidc.client.secret") { return secret }
        guard let file = settings.text("oidc.client.secret.file") else { return nil }
        do {
            let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw ConfigurationError(key: "oidc.client.secret.file", mustBe: "a file that can be read")
        }
    }

    private static func address(_ settings: Settings) throws -> String? {
        guard let text = settings.text("portal.address") else { return nil }
        guard let url = URL(string: text), url.host() != nil, ["http", "https"].contains(url.scheme),
            url.path().isEmpty || url.path() == "/"
        else { throw ConfigurationError(key: "portal.address", mustBe: "an address such as https://ssp.example.org") }
        return text.trimmingSuffix("/")
    }

    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
