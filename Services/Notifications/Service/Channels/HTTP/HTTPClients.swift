import AsyncHTTPClient
import Dispatch
import NIOCore
import Synchronization

/// The HTTP clients that calls go through: one for each host and address that was checked.
///
/// A client sends to the address that it was made for, whatever the name answers later. It is kept, since setting up
/// TLS costs far more than a message.
final class HTTPClients: Sendable {
    /// So many are kept beyond those in use.
    static let most = 64

    private struct Place: Hashable {
        let host: String
        let address: String
    }

    private struct Entry {
        let client: HTTPClient
        var users: Int
        var lastUse: Int
    }

    private struct State {
        var entries: [Place: Entry] = [:]
        var uses = 0
    }

    private let state = Mutex(State())

    deinit {
        // Nobody waits for it: no call is under way any more, and connections close by themselves.
        state.withLock { state in
            for entry in state.entries.values { Self.end(entry.client) }
        }
    }

    /// Lends the client of a target.
    func with<Result: Sendable>(
        _ target: CallTarget, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let place = Place(host: target.host, address: target.address.description)
        let client = take(place)
        defer { giveBack(place) }
        return try await body(client)
    }

    private func take(_ place: Place) -> HTTPClient {
        state.withLock { state in
            let client = state.entries[place]?.client ?? Self.make(place)
            let users = state.entries[place]?.users ?? 0
            state.uses += 1
            state.entries[place] = Entry(client: client, users: users + 1, lastUse: state.uses)
            return client
        }
    }

    private func giveBack(_ place: Place) {
        let ended = state.withLock { state -> [HTTPClient] in
            state.entries[place]?.users -= 1
            let idle = state.entries.filter { $0.value.users == 0 }.sorted { $0.value.lastUse < $1.value.lastUse }
            return idle.dropLast(min(Self.most, idle.count)).compactMap {
                state.entries.removeValue(forKey: $0.key)?.client
            }
        }
        for client in ended { Self.end(client) }
    }

    private static func make(_ place: Place) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
        configuration.dnsOverride = [place.host: place.address]
        configuration.httpVersion = .http1Only
        // Attempts are counted in one place, by the runtime.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        // Shorter than servers are patient, so that hardly a call goes to a connection that they just closed.
        configuration.connectionPool.idleTimeout = .seconds(4)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// The only error would be that it was ended before.
    private static func end(_ client: HTTPClient) { client.shutdown(queue: .global()) { _ in } }
}
