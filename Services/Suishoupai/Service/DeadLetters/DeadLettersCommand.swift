import ArgumentParser
import Contracts
import Foundation
import ServiceKit

/// `suishoupai dead-letters …`: records that could not be processed.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Look at records that could not be processed, and decide what becomes of them.",
        discussion: """
            A letter has the name STORE#NUMBER. What was decided about one stands on control.v1 and in \
            dead-letters.json of the data folder, for ever; an audit counts it as explained then.
            """,
        subcommands: [
            DeadLettersListCommand.self, DeadLettersShowCommand.self, DeadLettersRetryCommand.self,
            DeadLettersDiscardCommand.self,
        ])
}

/// Which deployment.
struct LetterFolderOptions: ParsableArguments {
    @Option(help: "The data folder.")
    var data: String

    func folder() throws -> DataFolder {
        try DataFolder.demand(data)
    }

    func open() async throws -> (folder: DataFolder, shelf: StoreShelf, box: LetterBox) {
        let folder = try folder()
        let shelf = try StoreShelf(folder)
        let box = try await LetterBox.open(folder, shelf: shelf)
        if let trouble = box.trouble { FileHandle.standardError.write(Data("Note: \(trouble)\n".utf8)) }
        return (folder, shelf, box)
    }
}

extension LetterBox {
    /// The letter that an operator named.
    func demand(_ name: LetterName, in shelf: StoreShelf) throws -> LetterContents {
        guard let contents = try contents(of: name, in: shelf) else {
            throw ValidationError(
                "There is no dead letter \(name). See them with 'suishoupai dead-letters list --all'.")
        }
        return contents
    }
}

/// `suishoupai dead-letters list`.
struct DeadLettersListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List dead letters with their reasons.",
        discussion: """
            Works beside the running system, and on a copy of a data folder; letters of translators are kept by the \
            broker alone, and listed while it runs. Whoever sent a record was told that it failed; its bytes are kept.

            Exit status: 0 when every letter was dealt with, 1 when some were not, 2 when the command was not understood.

            Examples:
              suishoupai dead-letters list --data ./data
              suishoupai dead-letters list --data ./data --all --json
            """)

    @OptionGroup var options: LetterFolderOptions

    @Flag(help: "Also list what was retried or discarded.")
    var all = false

    @Flag(help: "Print a JSON array.")
    var json = false

    func run() async throws {
        let box = try await options.open().box
        let shown = all ? box.letters : box.unexplained
        if json {
            print(try ContractCoding.text(shown))
        } else {
            for letter in shown { print(letter.line) }
            let count = box.unexplained.count
            let rest = box.letters.count - count
            let end = rest == 0 ? "" : ", \(rest) dealt with"
            print(count == 0 ? "✓ no dead letters\(end)" : "✗ \(count) dead letters\(end)")
        }
        guard box.unexplained.isEmpty else { throw ExitCode(1) }
    }
}

/// `suishoupai dead-letters show`.
struct DeadLettersShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one dead letter: headers, reason, and the bytes, as JSON where they are.",
        discussion: """
            Exit status: 0, or 2 when there is no such letter.

            Example:
              suishoupai dead-letters show case-routing/3#17 --data ./data
            """)

    @OptionGroup var options: LetterFolderOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Argument(help: ArgumentHelp("The letter.", valueName: "store#number"))
    var letter: LetterName

    func run() async throws {
        let (_, shelf, box) = try await options.open()
        let shown = LetterShown(try box.demand(letter, in: shelf))
        print(json ? try ContractCoding.text(shown) : shown.text)
    }
}

/// A letter as people and programs see it.
struct LetterShown: Encodable {
    let letter: DeadLetter
    let headers: [String: String]
    /// The bytes where they are JSON.
    let value: JSONValue?
    /// The bytes in base64 where they are none.
    let base64: String?
    private let plain: String?

    private enum CodingKeys: String, CodingKey {
        case letter
        case headers
        case value
        case base64
    }

    init(_ contents: LetterContents) {
        letter = contents.letter
        headers = contents.headers
        value = Self.json(contents.value)
        base64 = value == nil ? contents.value.base64EncodedString() : nil
        plain = value == nil ? String(data: contents.value, encoding: .utf8) : nil
    }

    private static func json(_ bytes: Data) -> JSONValue? {
        do { return try JSONValue(parsing: Array(bytes)) } catch { return nil }
    }

    var text: String {
        var lines = [letter.line]
        lines += headers.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)" }
        lines.append(value.map(Self.pretty) ?? plain ?? "base64 \(base64 ?? "")")
        return lines.joined(separator: "\n")
    }

    private static func pretty(_ value: JSONValue) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch { return value.text() }
    }
}
