import CoreMetrics
package import Hummingbird
import NIOCore
import Synchronization

extension PrometheusRegistry {
    private static let process = Mutex<PrometheusRegistry?>(nil)

    /// The registry that this process measures into; the first call makes it that of swift-metrics.
    ///
    /// Call it before the first instrument is made: one made earlier measures into nothing.
    package static func bootstrap() -> PrometheusRegistry {
        process.withLock { process in
            if let process { return process }
            let registry = PrometheusRegistry()
            MetricsSystem.bootstrap(registry)
            process = registry
            return registry
        }
    }

    /// Adds `/metrics`.
    package func addRoute<Context>(to router: some RouterMethods<Context>) {
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: self.text())))
        }
    }
}
