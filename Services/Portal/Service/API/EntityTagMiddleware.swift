import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// Gives every whole answer a tag of what is in it, and says `304 Not Modified` to whoever has that already (RFC 9110).
///
/// Streams have none. The answer is made all the same: what is saved is the way to the reader.
struct EntityTagMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard [.get, .head].contains(request.method), response.status == .ok, response.headers[.eTag] == nil,
            response.body.contentLength != nil
        else { return response }
        let body = try await response.body.bytes()
        let tag = "\"\(Fingerprint(ofBytes: body.readableBytesView).hex.prefix(32))\""
        response.headers[.eTag] = tag
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "private, no-cache" }
        guard request.hasTag(tag) else {
            response.body = .init(byteBuffer: body)
            return response
        }
        response.headers[.contentType] = nil
        response.headers[.contentLength] = nil
        return Response(status: .notModified, headers: response.headers)
    }
}

extension Request {
    /// Whether the sender has what this tag names; a weak tag is as good here.
    fileprivate func hasTag(_ tag: String) -> Bool {
        let tags = headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.map { known in
            String(known.filter { !$0.isWhitespace })
        }
        return !Set(tags).isDisjoint(with: ["*", tag, "W/\(tag)"])
    }
}
