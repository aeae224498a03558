import EventProcessing
import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// `embedded-broker` in a process that belongs to no deployment: for whoever gets its address it is a cluster like any.
struct StandingBroker: Sendable {
    let bootstrapServers: String
    let topicPrefix: String

    /// What the programs of a deployment find in their environment.
    ///
    /// This broker answers a fetch only when the wait is over, and forgets after a few megabytes; a cluster does neither.
    var environment: [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": bootstrapServers, "KAFKA_TOPIC_PREFIX": topicPrefix,
            "KAFKA_CHECK_TOPICS": "false",
            "KAFKA_PROPERTY_FETCH_WAIT_MAX_MS": "5", "SUISHOUPAI_SNAPSHOT_KILOBYTES": "700",
        ]
    }

    /// Lends a broker that has the catalogue's topics under a prefix.
    static func running<Result: Sendable>(
        topicPrefix: String, _ body: @Sendable @escaping (StandingBroker) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let log = try FileDescriptor.open(
            FilePath(folder.url.appending(path: "broker.log").path(percentEncoded: false)), .writeOnly,
            options: [.create, .append], permissions: .ownerReadWrite)
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
        let outcome = try await Subprocess.run(
            .path(FilePath(Deployment.programs.appending(path: "embedded-broker").path(percentEncoded: false))),
            arguments: [
                "--data", folder.url.path(percentEncoded: false), "--topic-prefix", topicPrefix, "--stop-with-stdin",
            ],
            environment: .exactly(Deployment.plainEnvironment), platformOptions: platform, input: .inputWriter,
            output: .fileDescriptor(log, closeAfterSpawningProcess: true), error: .combinedWithOutput
        ) { [platform] execution in
            let result: Swift.Result<Result, any Error>
            do {
                let file = try await eventually("the broker has an address") {
                    try BrokerFile.read(folder.url.appending(path: "broker.json"))
                }
                result = .success(
                    try await body(
                        StandingBroker(bootstrapServers: file.bootstrapServers, topicPrefix: topicPrefix)))
            } catch {
                result = .failure(error)
            }
            await execution.teardown(using: platform.teardownSequence)
            return result
        }
        return try outcome.closureResult.get()
    }
}

extension Environment {
    /// These variables and no others.
    static func exactly(_ variables: [String: String]) -> Environment {
        .custom(Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0), $1) }))
    }
}
