import Contracts
import Foundation
import ServiceKit

/// What an outside party is given to see a case and to say that it is done: whoever has the link is the party.
///
/// It is made here and told once; everywhere else there is only its hash, from which nobody finds it.
struct OutsideLink: Sendable, Equatable {
    let token: String

    /// A new one: 192 bits that nobody guesses.
    init() {
        var random = SystemRandomNumberGenerator()
        token = Base64URL.text((0..<24).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// One that somebody shows.
    init(shown token: String) {
        self.token = token
    }

    /// SHA-256 in hex.
    var hash: String { ContentHash.sha256(Data(token.utf8)) }

    var path: String { "/v1/outside/\(token)" }

    /// The name that the party acts under, at every instance.
    var personId: PersonID { PersonID("outside:\(hash.prefix(16))") }
}
