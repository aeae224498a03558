import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceKit
import Synchronization
import Testing

@testable import Portal

/// A browser without scripts: keeps cookies, and sends forms.
final class Browsing: Sendable {
    private let client: any TestClientProtocol
    private let cookies = Mutex<[String: String]>([:])

    init(_ client: any TestClientProtocol) { self.client = client }

    func cookie(_ name: String) -> String? { cookies.withLock { $0[name] } }

    func setCookie(_ name: String, _ value: String?) { cookies.withLock { $0[name] = value } }

    func open(_ uri: String, _ more: HTTPFields = [:]) async throws -> Answer {
        try await ask(uri, .get, more, nil)
    }

    func send(_ uri: String, _ fields: [String: String], _ more: HTTPFields = [:]) async throws -> Answer {
        let allowed = CharacterSet.alphanumerics
        let body = fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")" }
            .joined(separator: "&")
        return try await post(uri, body, more)
    }

    /// A form as a browser writes it, for fields that come more than once.
    func post(_ uri: String, _ body: String, _ more: HTTPFields = [:]) async throws -> Answer {
        var headers = more
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await ask(uri, .post, headers, body)
    }

    private func ask(
        _ uri: String, _ method: HTTPRequest.Method, _ more: HTTPFields, _ body: String?
    ) async throws -> Answer {
        var headers = more
        let sent = cookies.withLock { $0.map { "\($0)=\($1)" }.joined(separator: "; ") }
        if !sent.isEmpty { headers[.cookie] = sent }
        if headers[.accept] == nil { headers[.accept] = "text/html" }
        let answer = try await client.execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { Answer($0) }
        for line in answer.headers[values: .setCookie] {
            let halves = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            setCookie(String(halves[0]), halves.count == 2 && !halves[1].isEmpty ? String(halves[1]) : nil)
        }
        return answer
    }
}

extension Browsing {
    /// The session of its cookie.
    func session(_ portal: PortalUnderTest) throws -> Session? {
        cookie(Sessions.cookieName).flatMap { portal.front.sessions.seal.open($0, for: "session", as: Session.self) }
    }
}

extension Answer {
    /// What the first hidden field of this name holds.
    func hidden(_ name: String) -> String? {
        guard let start = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}

extension PortalUnderTest {
    /// A browser in which somebody has signed in.
    func browser(
        of subject: String, _ roles: Role..., on client: any TestClientProtocol
    ) throws -> Browsing {
        let browser = Browsing(client)
        let cookie = try front.sessions.begin(Principal(subject: subject, roles: Set(roles)))
        browser.setCookie(cookie.name, cookie.value)
        return browser
    }
}
