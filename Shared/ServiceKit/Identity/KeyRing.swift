import Foundation
import JWTKit
import Logging
import ServiceLifecycle
import Synchronization

/// The keys that tokens are checked with: read once at a time, kept while they cannot be read again.
actor KeyRing {
    private typealias Fetch = @Sendable () async throws -> [UInt8]

    /// Whoever sends rubbish must not make us ask for keys each time.
    private static let shortestRefresh: TimeInterval = 10
    private static let shortestRetry: TimeInterval = 1
    private static let longestRetry = Duration.seconds(30)

    private let source: JWTVerification
    private let logger: Logger?
    private let now: @Sendable () -> Date
    private var keys: JWTKeyCollection?
    /// Those of the data folder, as they were chosen last.
    private var own: (keys: JWTKeyCollection, generation: Int)?
    private let readings = Atomic<Int>(0)
    private var askedAt = Date.distantPast
    private var failure: (reason: String, since: Date)?
    private var isReading = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ source: JWTVerification, logger: Logger?, now: @escaping @Sendable () -> Date) {
        self.source = source
        self.logger = logger
        self.now = now
    }

    /// How often keys were read: what was checked before the last time must be checked again.
    nonisolated var readingCount: Int {
        guard case .dataFolder(let own) = source else { return readings.load(ordering: .acquiring) }
        return own.current.generation
    }

    /// Whether a token may be signed by any of the keys: those of the data folder have no names.
    nonisolated var areNameless: Bool {
        guard case .dataFolder = source else { return false }
        return true
    }

    /// The keys as they were read last; before the first time they are read.
    func current() async throws(TokenRefusal) -> JWTKeyCollection {
        switch source {
        case .dataFolder(let own): return await collection(of: own.current)
        case .jwks(_, let fetch): return try await current(fetch)
        }
    }

    private func current(_ fetch: Fetch) async throws(TokenRefusal) -> JWTKeyCollection {
        while true {
            if let keys { return keys }
            if isReading {
                await end()
                continue
            }
            guard !Task.isCancelled, now().timeIntervalSince(askedAt) >= Self.shortestRetry else {
                throw .keysUnavailable
            }
            await read(fetch)
        }
    }

    /// The keys after another reading, for a token whose key is not among them; nil where it is too early to ask again.
    func renewed() async -> JWTKeyCollection? {
        // Those of the data folder are looked at each time.
        guard case .jwks(_, let fetch) = source else { return nil }
        if isReading {
            await end()
            return keys
        }
        guard now().timeIntervalSince(askedAt) >= Self.shortestRefresh else { return nil }
        await read(fetch)
        return keys
    }

    /// What an operator must know.
    var health: HealthStatus {
        guard case .jwks = source else { return .ok() }
        if let failure, keys == nil { return .failing("keys unavailable: \(failure.reason)") }
        if let failure {
            return .ok("not renewed since \(RFC3339.text(failure.since)), the old ones stay good: \(failure.reason)")
        }
        return keys == nil ? .failing("keys not read yet") : .ok()
    }

    /// Reads the keys again and again until the program stops, sooner where it failed.
    ///
    /// So they change, and heal, without a token that asks for it.
    func keepFresh() async throws {
        guard case .jwks(let every, let fetch) = source else {
            try await gracefulShutdown()
            return
        }
        try await cancelWhenGracefulShutdown {
            var pause = Duration.seconds(1)
            do {
                while true {
                    try Task.checkCancellation()
                    let isFresh = await self.refresh(fetch)
                    try await Task.sleep(for: isFresh ? every : min(pause, every))
                    pause = isFresh ? .seconds(1) : min(pause * 2, Self.longestRetry)
                }
            } catch is CancellationError {
                return
            }
        }
    }

    private func refresh(_ fetch: Fetch) async -> Bool {
        if isReading { await end() } else { await read(fetch) }
        return failure == nil
    }

    /// Waits until the reading that goes on has ended.
    private func end() async {
        await withCheckedContinuation { waiting.append($0) }
    }

    private func read(_ fetch: Fetch) async {
        isReading = true
        askedAt = now()
        do {
            let fresh = try await JWTKeyCollection.reading(try await fetch())
            keys = fresh
            readings.add(1, ordering: .releasing)
            note(nil)
        } catch  where Task.isCancelled {
            // Who asked went away, which says nothing of the keys: the next may ask at once.
            askedAt = .distantPast
        } catch {
            note(error)
        }
        isReading = false
        for asker in waiting { asker.resume() }
        waiting = []
    }

    private func collection(of current: (choice: KeyFile.Choice, generation: Int)) async -> JWTKeyCollection {
        if let own, own.generation == current.generation { return own.keys }
        let keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: current.choice.signing.bytes), digestAlgorithm: .sha256)
        for (number, key) in current.choice.others.enumerated() {
            await keys.add(
                hmac: HMACKey(from: key.bytes), digestAlgorithm: .sha256, kid: JWKIdentifier(string: "\(number)"))
        }
        own = (keys, current.generation)
        return keys
    }

    private func note(_ error: (any Error)?) {
        guard let error else {
            if failure != nil { logger?.notice("The keys that tokens are checked with are read again") }
            failure = nil
            return
        }
        if failure == nil {
            logger?.error(
                "The keys that tokens are checked with cannot be read",
                metadata: ["reason": "\(String(describing: error).prefix(500))", "keys.kept": "\(keys != nil)"])
        }
        failure = (Self.publicReason(error), failure?.since ?? now())
    }

    /// The reason for everybody's eyes: addresses and paths are for the log.
    private static func publicReason(_ error: any Error) -> String {
        switch error {
        case KeyProviderError.unreachable: "the provider cannot be reached"
        case let error as KeyProviderError: error.description
        case let error as KeySetError: error.description
        default: "the document cannot be read"
        }
    }
}
