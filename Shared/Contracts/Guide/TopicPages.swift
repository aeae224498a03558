/// The readable pages about the topics, as Markdown: one a topic and a list of them.
///
/// `docs/topics` holds them; a test holds that equal to what is written here.
package enum TopicPages {
    /// By file name; links lead to the schemas and golden files of the repository.
    package static func all() throws -> [String: String] {
        var pages = ["README.md": index]
        for guide in TopicGuide.all { pages["\(guide.topic.name).md"] = try page(guide) }
        return pages
    }

    private static let note =
        "<!-- Written by `suishoupai contracts pages --to docs/topics` from the catalogue: change that. -->"

    private static var index: String {
        let rows = TopicGuide.all.map { guide in
            "| [\(guide.topic.name)](\(guide.topic.name).md) | \(guide.topic.audience.rawValue) | \(guide.topic.key) | "
                + "\(guide.topic.purpose) |"
        }
        return """
            \(note)
            # Topics

            How to read them: [reading-topics.md](../reading-topics.md); what holds for all: [events.md](../events.md).
            **public** may be read by everybody, **partner** by those who signed for it, **internal** by the programs alone.

            | topic | audience | key | what |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    private static func page(_ guide: TopicGuide) throws -> String {
        let topic = guide.topic
        var text = """
            \(note)
            # \(topic.name)

            \(topic.purpose).

            | | |
            |---|---|
            | records | \(guide.kind) |
            | audience | **\(topic.audience.rawValue)**. \(topic.audienceReason). |
            | key | \(topic.key) |
            | order | \(guide.order) |
            | partitions | \(ChannelSection.partitioning(of: topic)) |
            | kept | \(guide.retention) |
            | written by | \(topic.writers.joined(separator: ", ")) |

            """
        guard let first = guide.messages.first else {
            return text + "\nWhat was read, byte for byte; why it was put aside stands in the headers.\n"
        }
        text += """

            ## Messages

            | type | version | what | written by |
            |---|---|---|---|
            \(guide.messages.map { row($0, on: topic) }.joined(separator: "\n"))

            ## Fields of `\(first.type)`

            | field | type | | what |
            |---|---|---|---|
            \(try TopicGuide.fields(of: first).map(row).joined(separator: "\n"))

            ## Example

            [A record's value](../../Tests/ContractsTests/Golden/\(first.name).json), with every optional field:

            ```json
            \(try guide.example() ?? "")
            ```

            """
        return text
    }

    private static func row(_ message: MessageDescriptor, on topic: Topic) -> String {
        let writers = message.writers.filter(topic.writers.contains).joined(separator: ", ")
        return "| [\(message.type)](../../Shared/Contracts/Schemas/\(message.name).schema.json) | \(message.version) | "
            + "\(message.purpose) | \(writers) |"
    }

    private static func row(_ field: TopicGuide.Field) -> String {
        "| `\(field.name)` | \(field.type) | \(field.isRequired ? "" : "optional") | "
            + "\(field.description.replacing("|", with: "\\|")) |"
    }
}
