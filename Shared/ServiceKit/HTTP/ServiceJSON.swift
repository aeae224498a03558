import Foundation
package import Hummingbird
import NIOCore

/// JSON as the project's HTTP speaks it: sorted members, so that equal answers are equal bytes; dates as RFC 3339.
package struct ServiceJSON: RequestDecoder, ResponseEncoder {
    package init() {}

    package func decode<Value: Decodable>(
        _ type: Value.Type, from request: Request, context: some RequestContext
    ) async throws -> Value {
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(Value.self, from: Data(body.readableBytesView))
    }

    package func encode(
        _ value: some Encodable, from request: Request, context: some RequestContext
    ) throws -> Response {
        let bytes = try Self.bytes(value)
        return Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The value as JSON with sorted members.
    package static func bytes(_ value: some Encodable) throws -> [UInt8] {
        if let json = value as? JSONValue { return json.bytes() }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.text(date))
        }
        return Array(try encoder.encode(value))
    }
}

extension JSONValue: ResponseGenerator {
    package func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes())))
    }
}
