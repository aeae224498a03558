import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A request about an object, or about the bucket where there is no key.
struct S3Request: Sendable {
    /// What is sent with it.
    enum Payload: Sendable {
        case none
        case bytes(ByteBuffer, sha256: String)
        case file(SourceFile, sha256: String)
    }

    let method: HTTPMethod
    var key: String?
    var query: [(name: String, value: String)] = []
    var payload = Payload.none

    /// SHA-256 of nothing.
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The request as it is sent, signed at the moment.
    ///
    /// - Parameter sent: Called after each piece that left.
    func signed(
        for settings: S3Settings, at moment: Date, sent: @escaping @Sendable () -> Void
    ) -> HTTPClientRequest {
        let host = host(settings)
        let path = path(settings)
        let query = query.map { (name: SignatureV4.encoded($0.name), value: SignatureV4.encoded($0.value)) }
        let stamp = SignatureV4.stamp(moment)
        var headers = [
            (name: "host", value: host), (name: "x-amz-content-sha256", value: payloadHash),
            (name: "x-amz-date", value: stamp),
        ]
        if let token = settings.credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
        let signature = SignatureV4(credentials: settings.credentials, region: settings.region, service: "s3")
        let subject = SignatureV4.Subject(
            method: method.rawValue, path: path, query: query, headers: headers, payload: payloadHash)
        headers.append(("authorization", signature.authorization(subject, at: stamp)))

        let asked = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let scheme = settings.endpoint.scheme?.lowercased() ?? "https"
        var request = HTTPClientRequest(url: "\(scheme)://\(host)\(path)\(asked.isEmpty ? "" : "?\(asked)")")
        request.method = method
        request.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        request.body = body(sent)
        return request
    }

    private var payloadHash: String {
        switch payload {
        case .none: Self.emptyHash
        case .bytes(_, let hash), .file(_, let hash): hash
        }
    }

    private func body(_ sent: @escaping @Sendable () -> Void) -> HTTPClientRequest.Body? {
        switch payload {
        case .none: nil
        case .bytes(let bytes, _):
            .stream(BufferPieces(bytes: bytes, wasTaken: sent), length: .known(Int64(bytes.readableBytes)))
        case .file(let file, _): .stream(file.pieces(sent), length: .known(file.bytes))
        }
    }

    private func host(_ settings: S3Settings) -> String {
        var host = settings.endpoint.host() ?? ""
        if host.contains(":"), !host.hasPrefix("[") { host = "[\(host)]" }
        if settings.addressing == .virtual { host = "\(settings.bucket).\(host)" }
        let usual = settings.endpoint.scheme?.lowercased() == "http" ? 80 : 443
        guard let port = settings.endpoint.port, port != usual else { return host }
        return "\(host):\(port)"
    }

    private func path(_ settings: S3Settings) -> String {
        let bucket = settings.addressing == .path ? "/\(settings.bucket)" : ""
        guard let key else { return bucket.isEmpty ? "/" : bucket }
        return bucket + "/" + SignatureV4.encoded(key, keeping: "/")
    }
}
