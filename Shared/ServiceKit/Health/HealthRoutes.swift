package import Hummingbird
import NIOCore

extension HealthRegistry {
    /// Adds `/health/live` and `/health/ready`: 200 or 503, open to everyone, and never cached.
    package func addRoutes<Context>(to router: some RouterMethods<Context>) {
        router.get("/health/live") { _, _ in Self.response(self.live()) }
        router.get("/health/ready") { _, _ in Self.response(await self.ready()) }
    }

    private static func response(_ report: HealthReport) -> Response {
        Response(
            status: report.isOK ? .ok : .serviceUnavailable,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: report.json.bytes())))
    }
}
