import Configuration
import Foundation
import ObjectStore
import ServiceKit

/// What intake can be told beside what every program can.
///
/// ## Configuration keys
/// - `intake.accept.after` (`INTAKE_ACCEPT_AFTER`; `broker` on Kafka, `store` with the embedded broker): when a report
///   is answered. With `broker` the answer waits up to 200 ms for the broker, too, and says whether it came.
/// - `intake.backlog.limit` (`INTAKE_BACKLOG_LIMIT`; 100,000): with so many reports unanswered by routing new ones are
///   refused for a while.
/// - `intake.open311.address` (`INTAKE_OPEN311_ADDRESS`): the address by which others reach this program, such as
///   `https://reports.example.org`, for the discovery of Open311; else it is taken from each request.
/// - `intake.open311.contact` (`INTAKE_OPEN311_CONTACT`): whom to ask about Open311, in a sentence.
/// - `intake.person.limit` (`INTAKE_PERSON_LIMIT`; 300): how many reports one person may send in a minute, and how often a
///   report's link may be used to send something; 0 for no limit. Platforms have what their keys grant.
/// - `intake.photos` (`INTAKE_PHOTOS`; in the data folder): where photos and voice notes are kept, a folder or
///   `s3://bucket/prefix`. All instances of intake must find them in one place.
struct IntakeSettings: Sendable {
    /// When a report counts as accepted.
    enum AcceptAfter: String, CaseIterable, Sendable {
        case store
        case broker
    }

    var acceptAfter: AcceptAfter
    var backlogLimit: Int
    /// Reports of one person in a minute; nil for no limit.
    var personLimit: Int?
    /// What Open311 says of this endpoint.
    var discovery = Discovery()
    /// Nil for the data folder's own.
    var photos: String?

    static let defaultBacklogLimit = 100_000
    /// Five a second: nobody reports so fast, and no crowd of one's own machines fills the backlog with one account.
    static let defaultPersonLimit = 300

    init(acceptAfter: AcceptAfter, backlogLimit: Int = defaultBacklogLimit) {
        self.acceptAfter = acceptAfter
        self.backlogLimit = backlogLimit
    }

    /// - Throws: `ConfigurationError`, a sentence that names the key.
    init(config: ConfigReader, brokerIsEmbedded: Bool) throws {
        let settings = Settings(config)
        acceptAfter =
            try settings.choice("intake.accept.after", AcceptAfter.allCases) ?? (brokerIsEmbedded ? .store : .broker)
        backlogLimit =
            try settings.integer("intake.backlog.limit", in: 1...100_000_000) ?? Self.defaultBacklogLimit
        let personLimit =
            try settings.integer("intake.person.limit", in: 0...1_000_000) ?? Self.defaultPersonLimit
        self.personLimit = personLimit == 0 ? nil : personLimit
        discovery.address = try Self.address(settings)
        if let contact = settings.text("intake.open311.contact") { discovery.contact = contact }
        photos = settings.text("intake.photos")
    }

    /// - Throws: `ObjectStoreError.configuration`, which names what is wrong or missing.
    func photoPlace(
        in dataFolder: URL, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> ObjectPlace {
        guard let photos else { return .folder(dataFolder) }
        return try ObjectPlace(text: photos, environment: environment)
    }

    private static func address(_ settings: Settings) throws(ConfigurationError) -> String? {
        let key = "intake.open311.address"
        guard var address = settings.text(key) else { return nil }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw ConfigurationError(key: key, mustBe: "an address such as https://reports.example.org")
        }
        if address.hasSuffix("/") { address.removeLast() }
        return address
    }
}
