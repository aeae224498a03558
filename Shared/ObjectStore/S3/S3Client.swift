package import AsyncHTTPClient
import NIOCore

/// The HTTP client that all S3 stores of a program share.
///
/// It lives as long as the program, so nobody has to shut it down and nothing outlives a store: it holds no thread of
/// its own, and connections that nobody uses are closed after a few seconds.
package enum S3Client {
    /// How long anything may stand still before it counts as dead.
    package static let patience = Duration.seconds(10)

    static let shared = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration(patience))

    /// How a client has to be set up.
    ///
    /// Only connecting has a limit here: what stands still later is S3Exchange's to notice. (The client's own write
    /// limit does not run while the peer takes nothing.)
    package static func configuration(_ patience: Duration) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            // A redirect needs another signature; it means that the region or the endpoint is wrong.
            redirectConfiguration: .disallow, timeout: .init(connect: TimeAmount(patience * 0.3)))
        configuration.httpVersion = .http1Only
        // Tries are counted in one place, by S3Exchange.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(5)
        return configuration
    }
}
