/// How to reach a Kafka cluster, and what is the same for every client of a program.
///
/// ## Environment
/// * `KAFKA_BOOTSTRAP_SERVERS`: required, `host:port[,host:port…]`
/// * `KAFKA_EMBEDDED`: `true` when these are the addresses of `embedded-broker`, default `false`
/// * `KAFKA_SECURITY_PROTOCOL`: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`
/// * `KAFKA_SASL_MECHANISM`, `KAFKA_SASL_USERNAME`, `KAFKA_SASL_PASSWORD`; `OAUTHBEARER` takes neither name nor password
/// * `KAFKA_SSL_CA_LOCATION`, `KAFKA_SSL_CERTIFICATE_LOCATION`, `KAFKA_SSL_KEY_LOCATION`, `KAFKA_SSL_KEY_PASSWORD`
/// * `KAFKA_CHECK_TOPICS`: `false` where the broker does not tell its topics' settings, default `true`
/// * `KAFKA_PROPERTY_<NAME>`: any other property of librdkafka, its dots written as underscores
package struct KafkaSettings: Sendable, Equatable {
    /// How a client proves who it is.
    package struct SASL: Sendable, Equatable {
        package var mechanism: String
        package var username: String
        package var password: String

        package init(mechanism: String, username: String, password: String) {
            self.mechanism = mechanism
            self.username = username
            self.password = password
        }
    }

    /// Files for an encrypted connection; what is nil is left to librdkafka.
    package struct TLS: Sendable, Equatable {
        package var caLocation: String?
        package var certificateLocation: String?
        package var keyLocation: String?
        package var keyPassword: String?

        package init(
            caLocation: String? = nil, certificateLocation: String? = nil, keyLocation: String? = nil,
            keyPassword: String? = nil
        ) {
            self.caLocation = caLocation
            self.certificateLocation = certificateLocation
            self.keyLocation = keyLocation
            self.keyPassword = keyPassword
        }
    }

    package var bootstrapServers: String
    /// The name under which brokers log this program.
    package var clientID: String
    /// True for the broker in `embedded-broker`, which answers a fetch only after the fetch wait.
    package var embedded: Bool
    package var securityProtocol: String?
    package var sasl: SASL?
    package var tls: TLS?
    /// How long a producer gathers records for one request.
    package var linger: Duration
    /// How long closing waits for acknowledgements, or for the group to let go, before it gives up on them.
    package var closeTimeout: Duration
    /// A name that survives restarts (`group.instance.id`); nil leaves the group when the consumer closes.
    package var groupInstanceID: String?
    /// Properties of librdkafka by name; they win over everything else here.
    package var overrides: [String: String]
    /// Whether programs look at their topics' settings before they work on them; not where a broker knows no administration.
    package var checksTopics = true

    package init(
        bootstrapServers: String, clientID: String, embedded: Bool = false, securityProtocol: String? = nil,
        sasl: SASL? = nil, tls: TLS? = nil, linger: Duration = .milliseconds(5),
        closeTimeout: Duration = .seconds(8), groupInstanceID: String? = nil, overrides: [String: String] = [:]
    ) {
        self.bootstrapServers = bootstrapServers
        self.clientID = clientID
        self.embedded = embedded
        self.securityProtocol = securityProtocol
        self.sasl = sasl
        self.tls = tls
        self.linger = linger
        self.closeTimeout = closeTimeout
        self.groupInstanceID = groupInstanceID
        self.overrides = overrides
    }
}

// MARK: - From the environment

extension KafkaSettings {
    /// Reads the settings from environment variables, see the list on this type.
    ///
    /// - Throws: `KafkaError` with the code `configuration`, naming the variable and never its value.
    package static func fromEnvironment(_ env: [String: String], clientID: String) throws -> KafkaSettings {
        func text(_ name: String) -> String? {
            env[name].flatMap { $0.isEmpty ? nil : $0 }
        }

        guard let servers = text("KAFKA_BOOTSTRAP_SERVERS") else {
            throw KafkaError(.configuration, message: "KAFKA_BOOTSTRAP_SERVERS is missing.")
        }
        var settings = KafkaSettings(
            bootstrapServers: servers, clientID: clientID, embedded: try flag("KAFKA_EMBEDDED", text("KAFKA_EMBEDDED")),
            securityProtocol: try securityProtocol(text("KAFKA_SECURITY_PROTOCOL")), sasl: try sasl(text),
            tls: tls(text), overrides: overrides(env))
        settings.checksTopics = try flag("KAFKA_CHECK_TOPICS", text("KAFKA_CHECK_TOPICS") ?? "true")
        return settings
    }

    private static func flag(_ name: String, _ value: String?) throws -> Bool {
        switch value?.lowercased() {
        case nil, "false", "no", "0": false
        case "true", "yes", "1": true
        default: throw KafkaError(.configuration, message: "\(name) must be true or false.")
        }
    }

    private static func securityProtocol(_ value: String?) throws -> String? {
        guard let value else { return nil }
        guard ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"].contains(value.lowercased()) else {
            throw KafkaError(
                .configuration,
                message: "KAFKA_SECURITY_PROTOCOL must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.")
        }
        return value
    }

    private static func sasl(_ text: (String) -> String?) throws -> SASL? {
        let names = ["KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"]
        let values = names.map(text)
        guard values.contains(where: { $0 != nil }) else { return nil }
        // Who brings a token has neither; where it comes from, properties of librdkafka say.
        if values[0]?.uppercased() == "OAUTHBEARER", values[1] == nil, values[2] == nil {
            return SASL(mechanism: "OAUTHBEARER", username: "", password: "")
        }
        if let missing = zip(names, values).first(where: { $0.1 == nil }) {
            throw KafkaError(.configuration, message: "\(missing.0) is missing, though other KAFKA_SASL_* are set.")
        }
        let given = values.compactMap(\.self)
        return SASL(mechanism: given[0], username: given[1], password: given[2])
    }

    private static func tls(_ text: (String) -> String?) -> TLS? {
        let tls = TLS(
            caLocation: text("KAFKA_SSL_CA_LOCATION"), certificateLocation: text("KAFKA_SSL_CERTIFICATE_LOCATION"),
            keyLocation: text("KAFKA_SSL_KEY_LOCATION"), keyPassword: text("KAFKA_SSL_KEY_PASSWORD"))
        return tls == TLS() ? nil : tls
    }

    private static func overrides(_ env: [String: String]) -> [String: String] {
        let prefix = "KAFKA_PROPERTY_"
        var overrides: [String: String] = [:]
        for (name, value) in env where name.hasPrefix(prefix) {
            let property = name.dropFirst(prefix.count).lowercased().split(separator: "_").joined(separator: ".")
            overrides[property] = value
        }
        return overrides
    }
}

// MARK: - Without secrets

extension KafkaSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The settings without their secrets: of the overrides only the names, since any of them may hold one.
    package var description: String {
        var parts = ["servers \(bootstrapServers)", "client \(clientID)"]
        if embedded { parts.append("embedded") }
        if let securityProtocol { parts.append("protocol \(securityProtocol)") }
        if let sasl { parts.append(sasl.description) }
        if tls != nil { parts.append("own TLS files") }
        if !overrides.isEmpty { parts.append("overrides \(overrides.keys.sorted().joined(separator: " "))") }
        return "KafkaSettings(\(parts.joined(separator: ", ")))"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["settings": description]) }
}

extension KafkaSettings.SASL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(mechanism) as \(username)" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["sasl": description]) }
}

extension KafkaSettings.TLS: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        [caLocation, certificateLocation, keyLocation].compactMap(\.self).joined(separator: " ")
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["tls": description]) }
}
