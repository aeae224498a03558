import Gzip
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// Sends whole answers of text compressed to whoever takes gzip.
///
/// Streams stay as they are: what is live must not wait for more.
struct CompressionMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    /// Below this the header costs more than is won.
    private static let smallest = 1_024
    private static let kinds = ["text/html", "text/css", "text/csv", "text/javascript", "image/svg+xml"]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard let length = response.body.contentLength, length >= Self.smallest,
            let type = response.headers[.contentType], Self.isText(type), response.headers[.contentEncoding] == nil
        else { return response }
        response.headers[values: .vary] += ["Accept-Encoding"]
        guard request.takesGzip else { return response }
        let body = try await response.body.bytes()
        // A page holds its form's token and may repeat what its address says.
        let padding = type.hasPrefix("text/html") ? Int.random(in: 1...32) : 0
        guard let packed = Gzip.compressed(body.readableBytesView, padding: padding) else {
            response.body = .init(byteBuffer: body)
            return response
        }
        response.headers[.contentEncoding] = "gzip"
        response.headers[.contentLength] = nil
        response.body = .init(byteBuffer: ByteBuffer(bytes: packed))
        return response
    }

    private static func isText(_ type: String) -> Bool {
        let kind = type.prefix { $0 != ";" }
        return kinds.contains(String(kind)) || kind.hasSuffix("json")
    }
}

extension Request {
    /// Whether the sender takes gzip (RFC 9110): named, or by `*`, and not refused by `q=0`.
    var takesGzip: Bool {
        let codings = headers[values: .acceptEncoding].flatMap { $0.split(separator: ",") }.map {
            $0.filter { !$0.isWhitespace }.lowercased()
        }
        guard let coding = codings.first(where: { $0.hasPrefix("gzip") }) ?? codings.first(where: { $0.hasPrefix("*") })
        else { return false }
        let quality = coding.split(separator: ";").first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
        return (quality ?? 1) > 0
    }
}

extension ResponseBody {
    /// All that it writes.
    func bytes() async throws -> ByteBuffer {
        let kept = KeptBody()
        try await write(kept)
        return kept.bytes
    }
}

/// Keeps what a body writes.
private final class KeptBody: ResponseBodyWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        bytes.writeImmutableBuffer(buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
