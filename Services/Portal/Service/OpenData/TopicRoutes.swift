import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// What those who read the topics must know: a page about each, the AsyncAPI document and the schemas.
///
/// All of it comes from the catalogue that the programs themselves go by.
struct TopicRoutes: Sendable {
    let frame: Frame
    private let files: Files

    /// What does not change while a program runs.
    private struct Files {
        let document: String
        let schemas: [String: String]

        init(prefix: String) throws {
            document = String(decoding: try AsyncAPIDocument.json(prefix: prefix), as: UTF8.self)
            let names = MessageCatalogue.all.map(\.name) + [SchemaFiles.envelope, SchemaFiles.common]
            schemas = try Dictionary(
                uniqueKeysWithValues: names.map { ($0, try SchemaFiles.schema(named: $0).overLines() + "\n") })
        }

        /// Read once in a process: in a debug build it takes seconds.
        static let usual = Result { try Files(prefix: "") }
    }

    /// - Parameter prefix: what stands before each topic's name in this deployment.
    /// - Throws: What reading the schemas throws: a program without them is not installed completely.
    init(frame: Frame, prefix: String) throws {
        self.frame = frame
        files = try prefix.isEmpty ? Files.usual.get() : Files(prefix: prefix)
    }

    func add(to router: Router<ServiceRequestContext>) {
        let open = router.group("open").add(middleware: EntityTagMiddleware())
        open.get("asyncapi.json") { _, _ in file(files.document, "application/json; charset=utf-8") }
        open.get("schemas/{name}") { _, context in
            guard let schema = files.schemas[try context.parameters.require("name")] else {
                throw ProblemDetails.notFound("There is no schema of this name; /open/asyncapi.json names them all.")
            }
            return file(schema, "application/schema+json")
        }
        router.get("open/topics") { request, _ in list(Visit(request, sessions: frame.sessions)) }
        router.get("open/topics/{name}") { request, context in
            guard let topic = TopicCatalogue.topic(named: try context.parameters.require("name")) else {
                throw ProblemDetails.notFound("There is no topic of this name; /open/topics names them all.")
            }
            return try page(TopicGuide(topic), Visit(request, sessions: frame.sessions))
        }
    }

    private func file(_ text: String, _ mediaType: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: mediaType, .cacheControl: "public, max-age=60", .accessControlAllowOrigin: "*",
                .accessControlExposeHeaders: "ETag", .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func list(_ visit: Visit) -> Response {
        let topics = TopicGuide.all.map { guide in
            [
                "name": guide.topic.name, "path": "/open/topics/\(guide.topic.name)",
                "audience": frame.words.text("topics.\(guide.topic.audience.rawValue)", visit.language),
                "what": purpose(of: guide.topic, visit),
            ]
        }
        return frame.page("topics", ["topics": topics], visit)
    }

    private func page(_ guide: TopicGuide, _ visit: Visit) throws -> Response {
        let topic = guide.topic
        func words(_ key: String, _ values: [String: String] = [:]) -> String {
            frame.words.text("topics.\(key)", visit.language, values)
        }
        func catalogue(_ english: String) -> String { frame.words.text(ofCatalogue: english, visit.language) }
        let messages = guide.messages.map { message in
            [
                "type": message.type, "version": "\(message.version)", "schema": "/open/schemas/\(message.name)",
                "what": catalogue(message.purpose),
                "writers": message.writers.filter(topic.writers.contains).joined(separator: ", "),
            ]
        }
        let fields = try guide.messages.first.map(TopicGuide.fields) ?? []
        let days = topic.retentionDays.map { words("days", ["days": "\($0)"]) } ?? words("forever")
        return frame.page(
            "topic",
            [
                "name": topic.name, "what": purpose(of: topic, visit), "audience": words(topic.audience.rawValue),
                "reason": visit.language == .english
                    ? topic.audienceReason + "." : frame.words.text("topic-reason.\(topic.name)", visit.language),
                "kind": words("kind-\(topic.kind.rawValue)"), "key": catalogue(topic.key),
                "order": words("order-\(topic.kind.rawValue)"),
                "kept": topic.kind == .states ? words("compacted") : days,
                "partitions": "\(topic.partitions)", "writers": topic.writers.joined(separator: ", "),
                "hasMessages": !messages.isEmpty, "messages": messages, "first": guide.messages.first?.type ?? "",
                "fields": fields.map { field in
                    [
                        "field": field.name, "type": field.type,
                        "presence": words(field.isRequired ? "always" : "optional"),
                        "what": catalogue(field.description),
                    ]
                },
                "example": try guide.example() ?? "",
            ], visit)
    }

    private func purpose(of topic: Topic, _ visit: Visit) -> String {
        visit.language == .english
            ? topic.purpose + "." : frame.words.text("topic-what.\(topic.name)", visit.language)
    }
}
