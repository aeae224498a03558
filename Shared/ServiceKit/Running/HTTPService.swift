package import Foundation
package import Hummingbird
package import Logging
import NIOCore

/// Puts a program's HTTP together, the same way for all.
///
/// ```swift
/// let router = HTTPService.router(health: health, metrics: .bootstrap(), verifier: verifier)
/// router.get("/reports/{id}") { … }
/// let app = HTTPService.make(router: router, configuration: configuration, logger: logger)
/// ```
package enum HTTPService {
    /// A router with request ids, logs, metrics and problem documents in place, and with `/health/*` and `/metrics`.
    ///
    /// - Parameters:
    ///   - verifier: when given, tokens are read, and groups with ``AuthenticatedRequestContext`` can be added.
    ///   - keys: and keys of programs; see ``AuthenticationMiddleware``.
    ///   - cookie: the name of a cookie that may carry the token; see ``AuthenticationMiddleware``.
    ///   - pseudonyms: the names of those who report confidentially; see ``AuthenticationMiddleware``.
    ///   - forwarded: what portal says of who asks; see ``AuthenticationMiddleware``.
    package static func router(
        health: HealthRegistry, metrics: PrometheusRegistry, verifier: TokenVerifier? = nil,
        keys: (any KeyHolders)? = nil, cookie: String? = nil, pseudonyms: Pseudonyms? = nil,
        forwarded: ForwardedIdentity? = nil
    ) -> Router<ServiceRequestContext> {
        let router = router(context: ServiceRequestContext.self, health: health, metrics: metrics)
        if let verifier {
            router.add(
                middleware: AuthenticationMiddleware(
                    verifier: verifier, keys: keys, cookie: cookie, pseudonyms: pseudonyms, forwarded: forwarded))
        }
        return router
    }

    /// The same for a context of the program's own, without the reading of tokens.
    package static func router<Context: RequestContext>(
        context: Context.Type, health: HealthRegistry, metrics: PrometheusRegistry
    ) -> Router<Context> {
        let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestLogMiddleware())
        router.add(middleware: RequestMetricsMiddleware(metrics))
        router.add(middleware: RequestRouteMiddleware())
        router.add(middleware: ProblemMiddleware())
        health.addRoutes(to: router)
        metrics.addRoute(to: router)
        return router
    }

    /// The application of a complete router; run it as a service.
    ///
    /// Adds to the router the answer 405 for every method that an address does not know, so call it last and once.
    /// - Parameter onListening: called with the bound address, also when the port was chosen by the system.
    package static func make<Context: RequestContext>(
        router: Router<Context>, configuration: ServiceConfiguration, logger: Logger,
        onListening: @escaping @Sendable (ListeningAddress) async -> Void = { _ in }
    ) -> Application<RouterResponder<Context>> where Context.Source == ApplicationRequestContextSource {
        make(
            router: router, host: configuration.host, port: configuration.port,
            addressFile: configuration.addressFile, patience: configuration.patience, logger: logger,
            onListening: onListening)
    }

    /// ``make(router:configuration:logger:onListening:)`` without a configuration.
    ///
    /// - Parameter patience: how long a sender may keep the program waiting; see `SenderPatience`.
    package static func make<Context: RequestContext>(
        router: Router<Context>, host: String, port: Int, addressFile: URL? = nil,
        patience: Duration = ServiceConfiguration.usualPatience, logger: Logger,
        onListening: @escaping @Sendable (ListeningAddress) async -> Void = { _ in }
    ) -> Application<RouterResponder<Context>> where Context.Source == ApplicationRequestContextSource {
        refuseOtherMethods(router)
        let (addresses, announce) = AsyncStream.makeStream(of: ListeningAddress.self)
        return Application(
            router: router,
            server: .http1(configuration: .init(additionalChannelHandlers: [SenderPatience(patience)])),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            services: addressFile.map { [AddressFileWriter(file: $0, addresses: addresses)] } ?? [],
            onServerRunning: { channel in
                let address = ListeningAddress(host: host, port: channel.localAddress?.port ?? port)
                await onListening(address)
                announce.yield(address)
            },
            logger: logger)
    }

    private static func refuseOtherMethods<Context>(_ router: Router<Context>) {
        let names = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]
        let all = Set(names.compactMap { HTTPRequest.Method($0) })
        let known = Dictionary(grouping: router.routes, by: \.path.description)
        for routes in known.values {
            guard let path = routes.first?.path, path.components.last?.description != "**" else { continue }
            var methods = Set(routes.map(\.method))
            if methods.contains(.get) { methods.insert(.head) }
            let allowed = methods
            for method in all.subtracting(methods) {
                router.on(path, method: method) { _, _ -> Response in
                    throw ProblemDetails.methodNotAllowed(Array(allowed))
                }
            }
        }
    }
}
