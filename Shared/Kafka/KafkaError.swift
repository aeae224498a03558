// KafkaError
//   configuration   a setting is missing, or librdkafka refused it; stop at start
//   retriable       heals by itself, or by asking again
//   record          this one record is refused (too large, no such partition); the others are not concerned
//   refused         the broker said no and will say it again (rights, a topic that is not there)
//   fatal           this client is finished; throw it away and make a new one
//   closed          a call after close()

/// What librdkafka or a broker said went wrong.
///
/// The code says what to do about it; the name is librdkafka's own (`_TRANSPORT`, `MSG_SIZE_TOO_LARGE`) for logs and
/// headers. Never carries a secret.
package struct KafkaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What to do about an error.
    ///
    /// Open: more may be told apart later.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case configuration
            case retriable
            case record
            case refused
            case fatal
            case closed
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// A setting is missing or was refused; nothing was started.
        package static let configuration = Code(.configuration)
        /// Heals by itself, or by asking again.
        package static let retriable = Code(.retriable)
        /// This one record is refused and would be refused again.
        package static let record = Code(.record)
        /// The broker refuses, and asking again changes nothing.
        package static let refused = Code(.refused)
        /// The client is finished and has to be made anew.
        package static let fatal = Code(.fatal)
        /// The client was closed.
        package static let closed = Code(.closed)

        package var description: String { value.rawValue }
    }

    /// What to do about it.
    package let code: Code
    /// The name in librdkafka, such as `_TRANSPORT`; empty where the error is this room's own.
    package let name: String
    /// A sentence for people.
    ///
    /// Free of secrets and of record contents.
    package let message: String

    package init(_ code: Code, name: String = "", message: String) {
        self.code = code
        self.name = name
        self.message = message
    }

    /// True when this client has to be thrown away and made anew.
    package var isFatal: Bool { code == .fatal }

    /// True when the same call may succeed later on the same client.
    package var isRetriable: Bool { code == .retriable }

    /// True when a broker did not let this client in: a certificate, a name, a password or a mechanism that it does not take.
    ///
    /// What a server says of a certificate after the handshake (TLS 1.3), and that it wants TLS, librdkafka tells as
    /// failures of transport, with these words.
    package var isTurnedAway: Bool {
        ["_SSL", "_AUTHENTICATION", "SASL_AUTHENTICATION_FAILED"].contains(name)
            || (name == "_TRANSPORT" && ["SSL routines", "security.protocol"].contains { message.contains($0) })
    }

    /// True when an answer did not come in time.
    package var isTimeout: Bool { name == "_TIMED_OUT" }

    package var description: String {
        name.isEmpty ? "\(code): \(message)" : "\(code) (\(name)): \(message)"
    }

    static let closed = KafkaError(.closed, message: "The Kafka client is closed.")
}
