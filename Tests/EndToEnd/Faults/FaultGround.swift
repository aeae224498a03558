import AsyncHTTPClient
import Contracts
import EventProcessing
import Foundation
import Kafka
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// What a deployment stands on while faults happen to it: a broker, and a place for its hosts' shared files.
struct FaultGround: Sendable {
    let deployment: Deployment
    /// What `suishoupai up` is told.
    let options: [String]
    /// What a program is told that joins by hand.
    let joining: [String]
    /// The broker as somebody finds it who belongs to nothing; nil while there is none.
    let broker: @Sendable () throws -> TopicListener.Broker?
}

extension FaultSetting {
    private static let replicas = ["case-routing", "points", "notifications"].flatMap { ["--replicas", "\($0)=3"] }

    /// Lends the ground of this setting.
    func standing(seed: UInt64, _ body: @Sendable @escaping (FaultGround) async throws -> Void) async throws {
        switch self {
        case .sharedFolder:
            let deployment = try Deployment()
            try await body(.embedded(deployment, options: Self.replicas, joining: []))
        case .ownFolders:
            let deployment = try Deployment()
            let data = URL(filePath: deployment.data)
            try await body(
                .embedded(
                    deployment, options: Self.replicas + ["--own-folders"],
                    joining: [
                        "--broker-file", data.appending(path: "broker.json").path(percentEncoded: false),
                        "--snapshots", data.appending(path: "snapshots").path(percentEncoded: false),
                        "--snapshot-kilobytes", "700",
                    ]))
        case .anyBroker:
            let prefix = "faults-\(seed)-\(MessageID.random().description.prefix(8))."
            print("faults: topics and files begin with \(prefix)")
            try await AnyBroker.lent(topicPrefix: prefix) { broker in
                try await AnyBucket.lent(prefix: prefix) { bucket in
                    let deployment = try Deployment(
                        environment: broker.merging(bucket.environment) { $1 })
                    let made = try await deployment.suishoupai("topics", "create")
                    try #require(made.status == 0, "\(made.output)")
                    let snapshots = ["--snapshots", bucket.place]
                    try await body(
                        .cluster(
                            deployment, options: Self.replicas + ["--own-folders"] + snapshots, joining: snapshots))
                }
            }
        }
    }
}

extension FaultGround {
    fileprivate static func embedded(
        _ deployment: Deployment, options: [String], joining: [String]
    ) -> FaultGround {
        FaultGround(deployment: deployment, options: options, joining: joining) { try deployment.embeddedBroker() }
    }

    fileprivate static func cluster(_ deployment: Deployment, options: [String], joining: [String]) -> FaultGround {
        FaultGround(deployment: deployment, options: options, joining: joining) {
            TopicListener.Broker(
                settings: try KafkaSettings.fromEnvironment(deployment.environment, clientID: "listener"), log: "",
                topicPrefix: deployment.environment["KAFKA_TOPIC_PREFIX"] ?? "")
        }
    }
}

extension Deployment {
    /// The broker of one machine, for somebody who belongs to no deployment; nil while there is none.
    func embeddedBroker() throws -> TopicListener.Broker? {
        guard let found = try brokerFile() else { return nil }
        return TopicListener.Broker(
            settings: KafkaSettings(bootstrapServers: found.bootstrapServers, clientID: "listener", embedded: true),
            log: found.logId, topicPrefix: "")
    }

    private func brokerFile() throws -> BrokerFile? {
        let file = URL(filePath: data).appending(path: "broker.json")
        do { return try BrokerFile.read(file) } catch is CocoaError { return nil }
    }
}

/// A cluster: the one that the environment names, else a broker that the test starts and nobody knows.
private enum AnyBroker {
    static func lent(
        topicPrefix: String, _ body: @Sendable @escaping ([String: String]) async throws -> Void
    ) async throws {
        var given = ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("KAFKA_") }
        guard !(given["KAFKA_BOOTSTRAP_SERVERS"] ?? "").isEmpty else {
            return try await StandingBroker.running(topicPrefix: topicPrefix) { try await body($0.environment) }
        }
        given["KAFKA_TOPIC_PREFIX"] = topicPrefix
        try await body(given)
    }
}

/// A bucket: `SUISHOUPAI_SNAPSHOTS` where it names one, with `S3_ENDPOINT` and `AWS_…`, else one of a moto server that the
/// test starts.
private struct AnyBucket: Sendable {
    let place: String
    let environment: [String: String]

    static func lent(prefix: String, _ body: @Sendable @escaping (AnyBucket) async throws -> Void) async throws {
        if let given = ProcessInfo.processInfo.environment["SUISHOUPAI_SNAPSHOTS"], given.hasPrefix("s3://") {
            return try await body(AnyBucket(place: "\(given)/\(prefix)", environment: [:]))
        }
        try #require(MotoServer.isInstalled, Comment(rawValue: MotoServer.absence))
        try await MotoServer.running { server in
            let endpoint = "http://127.0.0.1:\(server.port)"
            var request = HTTPClientRequest(url: "\(endpoint)/snapshots")
            request.method = .PUT
            let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            try #require(answer.status == .ok)
            try await body(
                AnyBucket(
                    place: "s3://snapshots/\(prefix)",
                    environment: [
                        "S3_ENDPOINT": endpoint, "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "secret",
                    ]))
        }
    }
}
