import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The live board for a wall or a phone.
struct BoardRoutes: Sendable {
    let board: BoardDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/") { _, _ in try await page() }
        router.get("board") { _, _ in try await page() }
        router.get("board/live") { _, _ in html(BoardPage(try await board.figures(), at: board.moment()).live) }
        router.get("assets/board.css") { request, _ in asset(BoardStyle.text, type: "text/css", request) }
        router.get("assets/board.js") { request, _ in asset(BoardScript.text, type: "text/javascript", request) }
        router.get("assets/statement.css") { request, _ in asset(StatementPaper.style, type: "text/css", request) }
        router.get("assets/icon.svg") { request, _ in asset(BoardIcon.text, type: "image/svg+xml", request) }
        router.get("favicon.ico") { request, _ in asset(BoardIcon.text, type: "image/svg+xml", request) }
    }

    private func page() async throws -> Response {
        html(BoardPage(try await board.figures(), at: board.moment()).document)
    }

    private func html(_ text: HTML) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: Self.policy, .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
            ], body: .init(byteBuffer: ByteBuffer(string: text.text)))
    }

    /// Everything comes from here, and nothing inline runs: a name in a pack can carry no script.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

    private func asset(_ text: String, type: String, _ request: Request) -> Response {
        let tag = "\"\(Fingerprint(ofBytes: text.utf8).hex.prefix(16))\""
        let headers: HTTPFields = [
            .contentType: "\(type); charset=utf-8", .cacheControl: "no-cache", .eTag: tag,
            .xContentTypeOptions: "nosniff",
        ]
        guard request.headers[.ifNoneMatch] != tag else { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = known("Referrer-Policy")
}
