import Foundation
import Logging
import ServiceKit
import Testing

private func configuration(
    _ options: [String: String?], _ environment: [String: String] = [:]
) throws -> ServiceConfiguration {
    try ServiceConfiguration(config: Settings.reader(options: options, environment: environment), defaultPort: 8_101)
}

@Test func `an option goes before the environment, the environment before the default`() throws {
    let environment = [
        "SUISHOUPAI_DATA": "/env/data", "SUISHOUPAI_HTTP_PORT": "9000", "LOG_LEVEL": "debug", "LOG_FORMAT": "json",
        "SUISHOUPAI_STOP_WITH_STDIN": "true", "SUISHOUPAI_ADDRESS_FILE": "/run/a.json", "HTTP_PORT": "1", "DATA": "/no",
        "SUISHOUPAI_REPLICA": "r2",
    ]
    let both = try configuration(["data": "/given/data", "http.port": "0", "http.host": nil], environment)
    #expect(both.data.path() == "/given/data/")
    #expect(both.port == 0 && both.host == "127.0.0.1")
    #expect(both.logLevel == .debug && both.logFormat == .json && both.stopWithStdin)
    #expect(both.addressFile?.path() == "/run/a.json" && both.replica == "r2")
    #expect(both.tokenKeys == .dataFolder && both.tokenIssuer == "suishoupai")

    #expect(try configuration([:], environment).port == 9_000)
    let bare = try configuration(["data": "/d"])
    #expect(bare.port == 8_101 && bare.logLevel == .info && bare.addressFile == nil && !bare.stopWithStdin)
    #expect(!bare.replica.isEmpty)
}

@Test(arguments: [
    ("data", "", "given"), ("http.port", "70000", "a whole number from 0 to 65535"),
    ("http.port", "http", "a whole number from 0 to 65535"),
    ("log.level", "loud", "one of trace, debug, info, notice, warning, error, critical"),
    ("log.format", "xml", "one of json, console"), ("stop.with.stdin", "maybe", "true or false"),
    ("jwt.jwks", "ftp://x/y", "a file, or a URL that begins with https:// (http:// only on this machine)"),
    ("jwt.jwks", "http://id.example/y", "a file, or a URL that begins with https:// (http:// only on this machine)"),
])
func `an unusable setting is a sentence that names it`(key: String, value: String, mustBe: String) throws {
    var options = ["data": "/d"]
    options[key] = value
    let error = try #require(throws: ConfigurationError.self) { try configuration(options) }
    #expect(error == ConfigurationError(key: key, mustBe: mustBe))
}

@Test func `the sentence tells the option and the variable`() {
    #expect(
        ConfigurationError(key: "http.port", mustBe: "a number").description
            == "The setting http.port (option --port, environment variable SUISHOUPAI_HTTP_PORT) must be a number."
    )
    #expect(Settings.variable("log.level") == "LOG_LEVEL")
    #expect(Settings.variable("kafka.bootstrap.servers") == "KAFKA_BOOTSTRAP_SERVERS")
}

@Test func `tokens are checked as configured`() async throws {
    let identity = IdentityProvider(.document([]))
    let key = try await SigningKey.es256("a")
    let set = SigningKey.set(key)
    identity.become(.document(set))
    try await identity.stand { port in
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "keys.json")
            try Data(set).write(to: file)
            func verifier(_ keys: String?) throws -> (TokenVerifier, HealthRegistry, issuer: String?) {
                let configured = try configuration(
                    ["data": folder.path()], keys.map { ["SUISHOUPAI_JWT_JWKS": $0] } ?? [:])
                let health = HealthRegistry()
                let verifier = try configured.tokenVerifier(health: health, logger: TestProgram().logger, now: { noon })
                return (verifier, health, configured.tokenIssuer)
            }
            let own = try await TokenIssuer(key: DataFolderKey.load(.jwt, in: folder), now: { noon }).issue(
                subject: "s", roles: [.admin], lifetime: .seconds(9))

            let (folders, _, issuer) = try verifier(nil)
            #expect(try await folders.principal(of: own).get().subject == "s")
            #expect(issuer == "suishoupai")
            for keys in [file.path(), "http://127.0.0.1:\(port)/keys"] {
                let (others, health, issuer) = try verifier(keys)
                #expect(issuer == nil)
                #expect(await health.ready().isOK == false, "not read yet")
                #expect(await others.principal(of: try await key.token()) == bearer, "\(keys)")
                #expect(await others.principal(of: own) == .failure(.wrongSignature))
                #expect(await health.ready().checks.map(\.name) == ["token-keys"])
                #expect(await health.ready().isOK)
            }
        }
    }
}
