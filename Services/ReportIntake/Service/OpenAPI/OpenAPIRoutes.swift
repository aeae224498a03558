import Foundation
import Hummingbird
import ServiceKit

/// Describes all doors of intake to programs that make clients: `GET /openapi.json`, for pages of other sites, too.
struct OpenAPIRoutes: Sendable {
    private let document: ByteBuffer

    /// - Throws: What reading the file throws: a program without its description is not installed completely.
    init() throws {
        document = ByteBuffer(bytes: try Data(contentsOf: Self.file))
    }

    /// Where the document lies.
    static var file: URL {
        (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appending(path: "openapi.json")
    }

    func add(to router: Router<ServiceRequestContext>) {
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
