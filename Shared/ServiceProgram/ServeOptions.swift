package import ArgumentParser
import Foundation
package import ServiceKit

/// The options that every program takes; each can also be an environment variable.
package struct ServeOptions: ParsableArguments {
    @Option(help: "The data folder (SUISHOUPAI_DATA).")
    package var data: String?

    @Option(help: "The address to listen at (SUISHOUPAI_HTTP_HOST).")
    package var host: String?

    @Option(help: "The port to listen at; 0 lets the system choose (SUISHOUPAI_HTTP_PORT).")
    package var port: String?

    @Option(help: "Where to write {\"url\", \"pid\"} once the program listens.")
    package var addressFile: String?

    @Option(help: "The name of this process among its like (SUISHOUPAI_REPLICA).")
    package var replica: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical (LOG_LEVEL).")
    package var logLevel: String?

    @Option(help: "json or console (LOG_FORMAT).")
    package var logFormat: String?

    @Option(help: "Where the embedded broker writes its address (SUISHOUPAI_BROKER_FILE).")
    package var brokerFile: String?

    @Option(help: "Where snapshots of stores go: a folder or s3://bucket/prefix (SUISHOUPAI_SNAPSHOTS).")
    package var snapshots: String?

    @Option(help: "Take a snapshot after so many records (SUISHOUPAI_SNAPSHOT_RECORDS).")
    package var snapshotRecords: String?

    @Option(help: "Take a snapshot after so many kilobytes of records (SUISHOUPAI_SNAPSHOT_KILOBYTES).")
    package var snapshotKilobytes: String?

    @Flag(help: "Stop when standard input ends, as a child of a supervisor must.")
    package var stopWithStdin = false

    package init() {}

    /// What the options and the environment say together.
    ///
    /// - Throws: `ConfigurationError`, a sentence that names the key.
    package func configuration(defaultPort: Int) throws -> ServiceConfiguration {
        try ServiceConfiguration(
            config: Settings.reader(options: [
                "data": data, "http.host": host, "http.port": port, "address.file": addressFile, "replica": replica,
                "broker.file": brokerFile, "snapshots": snapshots, "snapshot.records": snapshotRecords,
                "snapshot.kilobytes": snapshotKilobytes, "log.level": logLevel, "log.format": logFormat,
                "stop.with.stdin": stopWithStdin ? "true" : nil,
            ]), defaultPort: defaultPort)
    }
}
