import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1

/// Why a provider's keys were not had.
package enum KeyProviderError: Error, Equatable, CustomStringConvertible {
    case noAnswerInTime(Duration)
    case answered(Int)
    case redirectsElsewhere
    case redirectsTooOften
    case tooLarge(Int)
    case unreachable(String)

    package var description: String {
        switch self {
        case .noAnswerInTime(let limit): "no whole answer within \(limit)"
        case .answered(let status): "the provider answered \(status)"
        case .redirectsElsewhere: "the provider redirects to another origin"
        case .redirectsTooOften: "the provider redirects too often"
        case .tooLarge(let limit): "the document is larger than \(limit) bytes"
        case .unreachable(let reason): "the provider cannot be reached: \(reason)"
        }
    }
}

/// Reads the public keys of an identity provider over HTTP.
///
/// Who can put another document in their place can make any token. So plain http goes to this machine only, redirects
/// are followed within the origin only, and neither a slow nor an endless answer is waited for.
package struct KeyProvider: Hashable, Sendable {
    package static let timeout = Duration.seconds(5)
    package static let largestDocument = 256 * 1_024
    private static let mostRedirects = 3

    private let url: URL
    private let timeout: Duration

    /// Nil for an address that keys may not be read from.
    package init?(_ url: URL, timeout: Duration = KeyProvider.timeout) {
        guard Self.allows(url) else { return nil }
        self.url = url
        self.timeout = timeout
    }

    /// The document as it stands, whatever it says.
    ///
    /// - Throws: ``KeyProviderError``.
    package func document() async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await read() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw KeyProviderError.noAnswerInTime(timeout)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private func read() async throws -> [UInt8] {
        // A client for each reading: there is one every few minutes, and no connection need be kept for it.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // Who refuses the connection is not asked until the time is up: the next reading comes soon enough.
        configuration.connectionPool.retryConnectionEstablishment = false
        do {
            return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                var place = url
                for _ in 0...Self.mostRedirects {
                    var request = HTTPClientRequest(url: place.absoluteString)
                    request.headers.add(name: "accept", value: "application/json")
                    request.headers.add(name: "user-agent", value: "suishoupai")
                    let response = try await client.execute(request, deadline: .distantFuture)
                    guard let target = try target(of: response, from: place) else { return try await body(response) }
                    place = target
                }
                throw KeyProviderError.redirectsTooOften
            }
        } catch let error as KeyProviderError {
            throw error
        } catch {
            throw KeyProviderError.unreachable(String(describing: error))
        }
    }

    /// Where the answer sends us on; nil where it does not.
    private func target(of response: HTTPClientResponse, from place: URL) throws -> URL? {
        guard (300..<400).contains(response.status.code), let location = response.headers.first(name: "location") else {
            return nil
        }
        guard let target = URL(string: location, relativeTo: place)?.absoluteURL,
            Self.origin(target) == Self.origin(url)
        else { throw KeyProviderError.redirectsElsewhere }
        return target
    }

    private func body(_ response: HTTPClientResponse) async throws -> [UInt8] {
        guard response.status == .ok else { throw KeyProviderError.answered(Int(response.status.code)) }
        do {
            return Array(try await response.body.collect(upTo: Self.largestDocument).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw KeyProviderError.tooLarge(Self.largestDocument)
        }
    }

    private static func origin(_ url: URL) -> [String] {
        let port = url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80)
        return [url.scheme?.lowercased() ?? "", url.host()?.lowercased() ?? "", String(port)]
    }

    /// Whether what an address answers may be trusted: https, or http on this machine.
    package static func allows(_ url: URL) -> Bool {
        guard let host = url.host(), !host.isEmpty, url.user == nil else { return false }
        return switch url.scheme?.lowercased() {
        case "https": true
        case "http": isThisMachine(host.lowercased())
        default: false
        }
    }

    private static func isThisMachine(_ host: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host) { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }
}
