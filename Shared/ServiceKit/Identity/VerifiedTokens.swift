import Synchronization

/// The tokens whose signature was checked last, so that somebody who asks again and again is not checked each time.
///
/// Holds for one reading of the keys only: a key that was withdrawn makes no token good any longer.
final class VerifiedTokens: Sendable {
    private struct State {
        var keys = 0
        var recent: [String: TokenClaims] = [:]
        var before: [String: TokenClaims] = [:]
    }

    private let most: Int
    private let state = Mutex(State())

    /// - Parameter most: so many are remembered at least; twice as many at most.
    init(most: Int = 5_000) {
        self.most = most
    }

    /// What the token says; nil where it was not checked with these keys.
    func claims(of token: String, keys: Int) -> TokenClaims? {
        state.withLock { state in
            guard state.keys == keys else { return nil }
            return state.recent[token] ?? state.before[token]
        }
    }

    func note(_ token: String, _ claims: TokenClaims, keys: Int) {
        state.withLock { state in
            if state.keys != keys {
                // A check that took long may come after one with newer keys.
                guard keys > state.keys else { return }
                state = State(keys: keys)
            }
            state.recent[token] = claims
            guard state.recent.count >= most else { return }
            state.before = state.recent
            state.recent = [:]
        }
    }
}
