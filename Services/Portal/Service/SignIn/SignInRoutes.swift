import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import ServiceKit

/// The doors for browsers: `/sign-in`, `/sign-in/start`, `/sign-in/back`, `/sign-in/trial` and `/sign-out`.
struct SignInRoutes: Sendable {
    private static let cookieName = "suishoupai_sign_in"
    private static let purpose = "sign-in"

    let sessions: Sessions
    let frame: Frame
    let provider: OpenIDProvider?
    let isTrial: Bool
    let people: @Sendable () async throws -> [PackPerson]
    let now: @Sendable () -> Date

    func add(to router: Router<ServiceRequestContext>) {
        router.get("sign-in") { request, _ in try await page(request) }
        router.post("sign-out") { request, _ in try signOut(request) }
        if let provider {
            router.get("sign-in/start") { request, _ in try await start(request, provider) }
            router.get("sign-in/back") { request, context in try await finish(request, context, provider) }
        }
        if isTrial { router.post("sign-in/trial") { request, _ in try await tryOut(request) } }
    }

    private func page(_ request: Request, trouble: String? = nil) async throws -> Response {
        let visit = Visit(request, sessions: sessions)
        let back = WayBack.checked(request.uri.queryParameters["back"].map(String.init))
        var content: [String: Any] = [
            "back": back, "backQuery": FormQuery.escaped(back),
            "hasProvider": provider != nil, "isTrial": isTrial, "hasNoWay": provider == nil && !isTrial,
        ]
        if let trouble { content["trouble"] = frame.words.text(trouble, visit.language) }
        if isTrial { content["groups"] = try await groups(visit) }
        return frame.page("sign-in", content, visit, status: trouble == nil ? .ok : .badRequest)
    }

    /// Everybody of the pack, and a few who report, by role.
    private func groups(_ visit: Visit) async throws -> [[String: Any]] {
        let staff = try await people()
        let reporters =
            ["rider-yu", "rider-chen", "rider-wang"].map { ($0, Role.rider) } + [("resident-li", .resident)]
        let all =
            reporters
            + staff.flatMap { person in
                person.roles.compactMap { Role(rawValue: $0) }.map { (person.id.rawValue, $0) }
            }
        return Role.allCases.compactMap { role in
            let names = all.filter { $0.1 == role }.map(\.0)
            guard !names.isEmpty else { return nil }
            return [
                "role": role.rawValue, "isOpen": role == .rider || role == .resident,
                "roleName": frame.words.text("role.\(role.rawValue)", visit.language),
                "names": names.map { ["name": $0] },
            ]
        }
    }

    private func start(_ request: Request, _ provider: OpenIDProvider) async throws -> Response {
        let attempt = SignInAttempt(
            back: WayBack.checked(request.uri.queryParameters["back"].map(String.init)), now: now())
        let address: String
        do {
            address = try await provider.address(for: attempt)
        } catch let fault as OpenIDFault {
            return try await page(request, trouble: fault.words)
        }
        var response = Response.leading(to: address)
        response.setCookie(try cookie(sessions.seal.seal(attempt, for: Self.purpose), lasting: SignInAttempt.lifetime))
        return response
    }

    private func finish(
        _ request: Request, _ context: ServiceRequestContext, _ provider: OpenIDProvider
    ) async throws -> Response {
        let query = request.uri.queryParameters
        let attempt = request.cookies[Self.cookieName].flatMap {
            sessions.seal.open($0.value, for: Self.purpose, as: SignInAttempt.self)
        }
        guard let attempt, Int64(now().timeIntervalSince1970) < attempt.expiresAt,
            query["state"].map(String.init) == attempt.state,
            // RFC 9207: another provider's answer.
            query["iss"].map({ String($0) == provider.settings.issuer }) ?? true
        else { return try await endAttempt(try await page(request, trouble: "sign-in.trouble.stale")) }
        guard let code = query["code"] else {
            return try await endAttempt(try await page(request, trouble: "sign-in.trouble.denied"))
        }
        do {
            let principal = try await provider.principal(for: String(code), of: attempt)
            var response = Response.leading(to: WayBack.landing(attempt.back, for: principal))
            response.setCookie(try sessions.begin(principal))
            return try await endAttempt(response)
        } catch let fault as OpenIDFault {
            context.logger.notice("Sign-in refused", metadata: ["reason": "\(fault)"])
            return try await endAttempt(try await page(request, trouble: fault.words))
        }
    }

    /// The answer may come once.
    private func endAttempt(_ response: Response) async throws -> Response {
        var response = response
        response.setCookie(cookie("", lasting: 0))
        return response
    }

    private func cookie(_ value: String, lasting seconds: Int64) -> Cookie {
        Cookie(
            name: Self.cookieName, value: value, maxAge: Int(seconds), path: "/sign-in", secure: sessions.isSecure,
            httpOnly: true, sameSite: .lax)
    }

    /// Who one is to be is one's own word: only where nobody but this machine's user can come.
    private func tryOut(_ request: Request) async throws -> Response {
        // A name that another site has in the DNS may point here, and its pages then count as ours.
        let host = (request.head.authority ?? "").split(separator: ":").first.map(String.init) ?? ""
        guard SignInSettings.isLoopback(host), request.headers[.secFetchSite] ?? "same-origin" == "same-origin" else {
            throw ProblemDetails.forbidden("Open this page as http://127.0.0.1 on this machine.")
        }
        let fields = FormFields(
            try await request.wholeBody(atMost: 4_096, advice: "Send the form of the page."),
            type: request.headers[.contentType] ?? "")
        guard let subject = fields?["subject"], let role = fields?["role"].flatMap(Role.init(rawValue:)),
            subject.utf8.count <= 64, subject.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return try await page(request, trouble: "sign-in.trouble.name") }
        let principal = Principal(subject: subject, roles: [role])
        var response = Response.leading(to: WayBack.landing(WayBack.checked(fields?["back"]), for: principal))
        response.setCookie(try sessions.begin(principal, isTrial: true))
        return response
    }

    private func signOut(_ request: Request) throws -> Response {
        var response = Response.leading(to: "/sign-in")
        response.setCookie(try sessions.end(sessions.session(of: request)))
        // What the browser kept for pages without a net is not for the next person.
        response.headers[.clearSiteData] = "\"cache\""
        return response
    }
}

extension OpenIDFault {
    /// The words for it: what to do next.
    fileprivate var words: String {
        switch self {
        case .unreachable, .token(.keysUnavailable): "sign-in.trouble.unreachable"
        case .refused: "sign-in.trouble.stale"
        case .token: "sign-in.trouble.token"
        }
    }
}

extension HTTPField.Name {
    fileprivate static let clearSiteData = known("Clear-Site-Data")
    fileprivate static let secFetchSite = known("Sec-Fetch-Site")
}

extension Response {
    /// 303: look there.
    static func leading(to place: String) -> Response {
        Response(status: .seeOther, headers: [.location: place, .cacheControl: "no-store"])
    }
}
