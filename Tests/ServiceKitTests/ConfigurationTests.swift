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
    ("jwt.jwks", "ftp://x/y", "a file or a URL that begins with https://"),
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
    try await withTemporaryFolder { folder in
        let own = try configuration(["data": folder.path()])
        let key = try DataFolderKey.load(.jwt, in: folder)
        let token = try await TokenIssuer(key: key, now: { noon }).issue(
            subject: "s", roles: [.admin], lifetime: .seconds(9))
        #expect(try await own.tokenVerifier(now: { noon }).principal(of: token).get().subject == "s")

        let foreign = try configuration(["data": folder.path(), "jwt.jwks": "https://id.example/keys"])
        #expect(foreign.tokenIssuer == nil)
        #expect(throws: ConfigurationError.self) { try foreign.tokenVerifier(now: { noon }) }
        let verifier = try foreign.tokenVerifier(now: { noon }, fetch: { url in Array(url.absoluteString.utf8) })
        #expect(await verifier.principal(of: token) == .failure(.keysUnavailable))
    }
}
