package import Foundation
package import Hummingbird
import NIOCore

/// Describes all doors of a service to programs that make clients: `GET /openapi.json`, for pages of other sites, too.
package struct OpenAPIDocument: Sendable {
    private let document: ByteBuffer

    /// - Throws: What reading the file throws: a program without its description is not installed completely.
    package init(_ file: URL) throws {
        document = ByteBuffer(bytes: try Data(contentsOf: file))
    }

    package func add(to router: some RouterMethods<ServiceRequestContext>) {
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "application/json; charset=utf-8", .cacheControl: "no-cache",
                    .accessControlAllowOrigin: "*",
                ], body: .init(byteBuffer: document))
        }
    }
}
