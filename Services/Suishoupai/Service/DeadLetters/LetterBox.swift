import Contracts
import EventProcessing
import Foundation
import Kafka
import Logging

/// All dead letters of a deployment, wherever they lie, and what was decided about them.
struct LetterBox: Sendable {
    let letters: [DeadLetter]
    let decisions: LetterDecisions
    /// With their bytes, what translators put aside.
    private let translators: [LetterContents]
    /// Why the broker could not be asked, where one seems to run.
    let trouble: String?

    var unexplained: [DeadLetter] { letters.filter { $0.handled == nil } }

    /// Reads the stores and the folder, and the broker's topics where one runs.
    static func open(_ folder: DataFolder, shelf: StoreShelf) async throws -> LetterBox {
        var decisions = try LetterDecisions.kept(in: folder)
        var translators: [LetterContents] = []
        var trouble: String?
        if let broker = try DeploymentBroker.find(folder) {
            do {
                let topics = try await LetterTopics.read(broker)
                decisions.add(topics.decisions)
                translators = topics.letters
            } catch {
                trouble = "the broker could not be asked, so letters of translators are not among these: \(error)"
            }
        }
        for index in translators.indices {
            translators[index].letter.handled = decisions[translators[index].letter]
        }
        let stored = try LetterContents.listed(shelf).map { letter in
            var letter = letter
            letter.handled = decisions[letter]
            return letter
        }
        return LetterBox(
            letters: stored + translators.map(\.letter), decisions: decisions, translators: translators,
            trouble: trouble)
    }

    /// One letter with its bytes; nil where there is none of this name.
    func contents(of name: LetterName, in shelf: StoreShelf) throws -> LetterContents? {
        if let found = translators.first(where: { $0.letter.name == name }) { return found }
        guard var found = try LetterContents.find(name, in: shelf) else { return nil }
        found.letter.handled = decisions[found.letter]
        return found
    }
}

/// What the broker knows of dead letters.
struct LetterTopics: Sendable {
    private(set) var decisions = LetterDecisions()
    /// What translators put aside, once each.
    private(set) var letters: [LetterContents] = []

    /// - Throws: `BrokerAbsence`, and `KafkaError`.
    static func read(_ broker: DeploymentBroker) async throws -> LetterTopics {
        // A broker that is away makes a client complain at length; the one sentence at the end is enough.
        let logger = Logger(label: "dead-letters") { _ in SwiftLogNoOpLogHandler() }
        let session = try await broker.session(logger: logger)
        let letterTopics = TopicCatalogue.processors.map { ($0, TopicCatalogue.deadLetters(of: $0)) }
        let programs = letterTopics.reduce(into: [String: String]()) { $0[session.name(of: $1.1)] = $1.0 }
        var topics = LetterTopics()
        try await session.eachRecord(
            of: [TopicCatalogue.control] + letterTopics.map(\.1), logger: logger
        ) { record in topics.take(record, of: programs[record.topic]) }
        return topics
    }

    private mutating func take(_ record: KafkaRecord, of program: String?) {
        if let program {
            guard let letter = LetterContents.onTopic(record, of: program),
                !letters.contains(where: { $0.letter.name == letter.letter.name })
            else { return }
            letters.append(letter)
        } else if let value = record.value {
            do {
                switch try MessageAttributes(value: value).type {
                case DeadLetterHandled.type: decisions.add(try Envelope<DeadLetterHandled>(value: value))
                case RecordSkipped.type: decisions.add(try Envelope<RecordSkipped>(value: value))
                default: return
                }
            } catch {
                // No message of ours, or one of a later version: nothing that is known here.
                return
            }
        }
    }
}
