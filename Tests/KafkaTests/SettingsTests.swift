import Foundation
import Kafka
import Testing

@Test func `settings come from the environment`() throws {
    let settings = try KafkaSettings.fromEnvironment(
        [
            "KAFKA_BOOTSTRAP_SERVERS": "one:9092,two:9092", "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512", "KAFKA_SASL_USERNAME": "points", "KAFKA_SASL_PASSWORD": "geheim",
            "KAFKA_SSL_CA_LOCATION": "/etc/ca.pem", "KAFKA_PROPERTY_SOCKET_TIMEOUT_MS": "1234", "PATH": "/bin",
        ], clientID: "points")

    #expect(settings.bootstrapServers == "one:9092,two:9092")
    #expect(settings.clientID == "points")
    #expect(!settings.embedded)
    #expect(settings.securityProtocol == "SASL_SSL")
    #expect(settings.sasl == .init(mechanism: "SCRAM-SHA-512", username: "points", password: "geheim"))
    #expect(settings.tls == .init(caLocation: "/etc/ca.pem"))
    #expect(settings.overrides == ["socket.timeout.ms": "1234"])
}

@Test(arguments: [
    ([:], "KAFKA_BOOTSTRAP_SERVERS"),
    (["KAFKA_BOOTSTRAP_SERVERS": ""], "KAFKA_BOOTSTRAP_SERVERS"),
    (["KAFKA_BOOTSTRAP_SERVERS": "a:1", "KAFKA_SASL_USERNAME": "me"], "KAFKA_SASL_MECHANISM"),
    (["KAFKA_BOOTSTRAP_SERVERS": "a:1", "KAFKA_SECURITY_PROTOCOL": "none"], "KAFKA_SECURITY_PROTOCOL"),
    (["KAFKA_BOOTSTRAP_SERVERS": "a:1", "KAFKA_EMBEDDED": "perhaps"], "KAFKA_EMBEDDED"),
    (["KAFKA_BOOTSTRAP_SERVERS": "a:1", "KAFKA_CHECK_TOPICS": "perhaps"], "KAFKA_CHECK_TOPICS"),
])
func `a setting that is missing or wrong is named`(_ environment: [String: String], _ key: String) {
    let error = #expect(throws: KafkaError.self) {
        try KafkaSettings.fromEnvironment(environment, clientID: "points")
    }

    #expect(error?.code == .configuration)
    #expect(error?.message.contains(key) == true)
}

@Test func `a secret is never printed`() {
    let settings = KafkaSettings(
        bootstrapServers: "a:1", clientID: "points",
        sasl: .init(mechanism: "PLAIN", username: "me", password: "geheim"),
        tls: .init(keyPassword: "geheim"), overrides: ["sasl.password": "geheim"])
    var dumped = ""
    dump(settings, to: &dumped)

    for text in ["\(settings)", String(reflecting: settings), dumped, "\([settings.sasl])", "\([settings.tls])"] {
        #expect(!text.contains("geheim"))
    }
}

@Test func `a property that librdkafka does not know, or a value that it refuses, is named without the value`() {
    for (name, value) in [("no.such.property", "geheim"), ("socket.timeout.ms", "geheim")] {
        let settings = KafkaSettings(bootstrapServers: "a:1", clientID: "points", overrides: [name: value])

        for error in [
            #expect(throws: KafkaError.self) { try KafkaProducer(settings) },
            #expect(throws: KafkaError.self) { try KafkaConsumer(settings, group: nil) },
            #expect(throws: KafkaError.self) { try KafkaAdmin(settings) },
        ] {
            #expect(error?.code == .configuration)
            #expect(error?.message.contains(name) == true)
            #expect(error?.message.contains("geheim") == false)
        }
    }
}

@Test func `who brings a token needs neither name nor password, and topics are checked unless it is said`() throws {
    let servers = ["KAFKA_BOOTSTRAP_SERVERS": "a:1"]
    let settings = try KafkaSettings.fromEnvironment(
        servers.merging(["KAFKA_SASL_MECHANISM": "oauthbearer"]) { $1 }, clientID: "points")
    #expect(settings.sasl == .init(mechanism: "OAUTHBEARER", username: "", password: ""))
    #expect(settings.checksTopics)
    let unchecked = try KafkaSettings.fromEnvironment(
        servers.merging(["KAFKA_CHECK_TOPICS": "false"]) { $1 }, clientID: "points")
    #expect(!unchecked.checksTopics)
}
