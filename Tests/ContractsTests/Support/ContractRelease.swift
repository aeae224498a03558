import Contracts
import Foundation

/// The topics and schemas as they are promised to readers: those of today, or those of a release that was kept.
///
/// `Released/` has one file a release, without what changes nothing for a program. `WRITE_RELEASE=v0.2` writes the one of
/// today under that name, once.
struct ContractRelease: Codable, Equatable {
    let schemas: [String: ContractJSON]
    let topics: [String: TopicPromise]

    /// What a reader of a topic relies on.
    struct TopicPromise: Codable, Equatable {
        let kind: Topic.Kind
        let key: String
        let partitions: Int
        /// Nil for ever.
        let retentionDays: Int?
        let audience: Topic.Audience
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Released")

    static func today() throws -> ContractRelease {
        let names = MessageCatalogue.all.map(\.name) + [SchemaFiles.envelope, SchemaFiles.common]
        return ContractRelease(
            schemas: Dictionary(
                uniqueKeysWithValues: try names.map { ($0, bare(try SchemaFiles.schema(named: $0))) }),
            topics: Dictionary(
                uniqueKeysWithValues: TopicCatalogue.all.map { topic in
                    (
                        topic.name,
                        TopicPromise(
                            kind: topic.kind, key: topic.key, partitions: topic.partitions,
                            retentionDays: topic.retentionDays, audience: topic.audience)
                    )
                }))
    }

    /// The names of all that were kept, the oldest first.
    static func names() throws -> [String] {
        if let name = ProcessInfo.processInfo.environment["WRITE_RELEASE"] { try keep(as: name) }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
            .map { String($0.dropLast(5)) }.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }

    static func read(_ name: String) throws -> ContractRelease {
        try ContractCoding.decode(
            ContractRelease.self, from: try Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    }

    private static func keep(as name: String) throws {
        let file = folder.appendingPathComponent("\(name).json")
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try (ContractCoding.encode(today()) + Data("\n".utf8)).write(to: file)
    }

    /// Words for people, and the schema's own name.
    static let forPeople: Set<String> = ["description", "title", "examples", "$comment", "$id", "$schema"]

    private static func bare(_ schema: ContractJSON, isNames: Bool = false) -> ContractJSON {
        switch schema {
        case .object(let members):
            .object(
                members.filter { isNames || !forPeople.contains($0.key) }.reduce(into: [:]) { kept, member in
                    // Under these stand names that their writer chose, "description" among them.
                    let names = !isNames && ["properties", "$defs"].contains(member.key)
                    kept[member.key] = bare(member.value, isNames: names)
                })
        case .array(let elements): .array(elements.map { bare($0) })
        case .null, .bool, .integer, .number, .string: schema
        }
    }
}
