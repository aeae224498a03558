/// Which addresses may be called besides the public internet, where a person, a pack or an operator named them.
package enum PrivateAddresses: String, Sendable, CaseIterable {
    case none
    /// This machine, for trying things out and for units whose programs run here.
    case loopback

    /// Reads `WEBHOOK_ALLOW_PRIVATE`; unset, this machine may be called where everything runs on one machine, which is
    /// where no `KAFKA_BOOTSTRAP_SERVERS` is set.
    ///
    /// - Throws: `PrivateAddressesError` for a value that is neither `none` nor `loopback`.
    package init(environment: [String: String]) throws {
        guard let text = environment["WEBHOOK_ALLOW_PRIVATE"], !text.isEmpty else {
            self = (environment["KAFKA_BOOTSTRAP_SERVERS"] ?? "").isEmpty ? .loopback : .none
            return
        }
        guard let known = PrivateAddresses(rawValue: text) else { throw PrivateAddressesError(found: text) }
        self = known
    }
}

/// A setting that cannot be used.
package struct PrivateAddressesError: Error, Equatable, CustomStringConvertible {
    let found: String

    package init(found: String) {
        self.found = found
    }

    package var description: String {
        "The environment variable WEBHOOK_ALLOW_PRIVATE must be none or loopback, not '\(found)'."
    }
}
