import CRdKafka

/// A configuration object of librdkafka until a client takes it over.
struct NativeConfiguration: ~Copyable {
    private let pointer: OpaquePointer

    /// A configuration with what every client shares; overrides are set last by `apply(overridesOf:)`.
    init(_ settings: KafkaSettings) throws {
        pointer = rd_kafka_conf_new()
        try set("bootstrap.servers", settings.bootstrapServers)
        try set("client.id", settings.clientID)
        // Logs come through the queue that the lane polls, not from a thread of librdkafka's own.
        try set("log.queue", "true")
        // A broker that comes back should be found soon; the default grows to ten seconds.
        try set("reconnect.backoff.max.ms", "1000")
        // A topic that was refused stays refused until it is asked about again; the default is five minutes.
        try set("topic.metadata.refresh.interval.ms", "30000")
        try set("socket.nagle.disable", "true")
        try set("allow.auto.create.topics", "false")
        if let value = settings.securityProtocol { try set("security.protocol", value.lowercased()) }
        if let sasl = settings.sasl {
            try set("sasl.mechanism", sasl.mechanism)
            if !sasl.username.isEmpty { try set("sasl.username", sasl.username) }
            if !sasl.password.isEmpty { try set("sasl.password", sasl.password) }
        }
        if let value = settings.tls?.caLocation { try set("ssl.ca.location", value) }
        if let value = settings.tls?.certificateLocation { try set("ssl.certificate.location", value) }
        if let value = settings.tls?.keyLocation { try set("ssl.key.location", value) }
        if let value = settings.tls?.keyPassword { try set("ssl.key.password", value) }
    }

    /// A configuration without any settings, for a handle that talks to nobody.
    init() {
        pointer = rd_kafka_conf_new()
    }

    deinit {
        rd_kafka_conf_destroy(pointer)
    }

    /// Sets one property.
    ///
    /// - Throws: `configuration`, naming the property but not its value, which may be a secret.
    func set(_ name: String, _ value: String) throws {
        switch rd_kafka_conf_set(pointer, name, value, nil, 0) {
        case RD_KAFKA_CONF_OK: return
        case RD_KAFKA_CONF_UNKNOWN:
            throw KafkaError(.configuration, message: "librdkafka has no property \(name).")
        default:
            throw KafkaError(.configuration, message: "librdkafka refuses the value of \(name).")
        }
    }

    /// Sets the properties that the operator gave by name.
    func apply(overridesOf settings: KafkaSettings) throws {
        for (name, value) in settings.overrides.sorted(by: { $0.key < $1.key }) {
            try set(name, value)
        }
    }

    /// Names what comes as an event when polled, instead of by a callback.
    func deliver(_ events: [Int32]) {
        rd_kafka_conf_set_events(pointer, events.reduce(0, |))
    }

    /// Makes a client, which takes over the configuration if, and only if, this succeeds.
    consuming func makeClient(_ kind: rd_kafka_type_t) throws -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(kind, pointer, &text, text.count) else {
            let reason = text.withUnsafeBufferPointer { buffer in
                String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
            _ = consume self
            throw KafkaError(.configuration, message: reason)
        }
        discard self
        return client
    }
}
