import Contracts
package import Foundation
package import Kafka

/// One broker and the log that it keeps, for as long as both stay the same.
package struct BrokerSession: Sendable, Equatable {
    package let settings: KafkaSettings
    /// The identity of the log: the first record of `log-identity.v1`.
    package let log: String
    /// Whether the broker is the kind that forgets everything when it ends.
    package let isEmbedded: Bool
    /// Whether this deployment had no log before this one.
    package let isFirst: Bool

    package init(settings: KafkaSettings, log: String, isEmbedded: Bool, isFirst: Bool) {
        self.settings = settings
        self.log = log
        self.isEmbedded = isEmbedded
        self.isFirst = isFirst
    }
}

/// A session is over: the broker moved, or keeps another log.
///
/// A new one is begun with new clients.
struct SessionEnded: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}

/// What the embedded broker writes about itself.
package struct BrokerFile: Codable, Sendable, Equatable {
    package let bootstrapServers: String
    package let logId: String
    /// Whether the data folder knew no log before this one.
    package let isFirst: Bool
    package let pid: Int

    package init(bootstrapServers: String, logId: String, isFirst: Bool, pid: Int) {
        self.bootstrapServers = bootstrapServers
        self.logId = logId
        self.isFirst = isFirst
        self.pid = pid
    }

    /// Reads the file; nil while it does not stand there.
    package static func read(_ url: URL) throws -> BrokerFile? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try ContractCoding.decode(BrokerFile.self, from: Data(contentsOf: url))
    }
}
