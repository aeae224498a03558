package import Foundation

/// A kind of message: what it is for, who writes it where, and what it looks like.
package struct MessageDescriptor: Sendable {
    /// What the message says to its readers.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Something happened.
        case event
        /// A whole entity as it stands.
        case state
        /// A processor's input.
        case command
        /// The programs talk about the log itself.
        case system
    }

    /// The CloudEvents `type`.
    package let type: String
    package let version: Int
    package let kind: Kind
    /// The topics that it travels on.
    package let topics: [Topic]
    /// The programs that write it; on one of its topics only those of them that may write there.
    package let writers: [String]
    /// What it is for, in one sentence.
    package let purpose: String

    private let fullSample: any Payload
    private let smallSample: any Payload
    private let readEnvelope: @Sendable (Data) throws -> (payload: any Payload, value: Data)

    /// Describes the messages that look like `sample`.
    ///
    /// - Parameters:
    ///   - sample: every optional field set that this kind of message carries.
    ///   - minimal: none set.
    init<Described: Payload>(
        _ kind: Kind, on topics: [Topic], by writers: [String], _ purpose: String, sample: Described, minimal: Described
    ) {
        type = sample.messageType
        version = sample.messageVersion
        self.kind = kind
        self.topics = topics
        self.writers = writers
        self.purpose = purpose
        fullSample = sample
        smallSample = minimal
        readEnvelope = { value in
            let envelope = try Envelope<Described>(value: value)
            return (envelope.data, try envelope.value())
        }
    }

    /// Describes the messages that look like `sample`, which has no optional field.
    init(_ kind: Kind, on topics: [Topic], by writers: [String], _ purpose: String, sample: some Payload) {
        self.init(kind, on: topics, by: writers, purpose, sample: sample, minimal: sample)
    }

    /// The name of the type in its version, such as `case.opened.v1`: of its schema, its golden file and its docs.
    package var name: String { "\(type).v\(version)" }

    /// Whether it is written by others than our own programs, who need not know our envelope.
    package var isFromOutside: Bool { writers.allSatisfy(TopicCatalogue.outsiders.contains) }

    /// A message with every optional field set that this type carries.
    package func sample() -> any Payload { fullSample }

    /// A message with no optional field set.
    package func minimalSample() -> any Payload { smallSample }

    /// The value of a record that carries the sample, with every attribute of the envelope set but `request`,
    /// which stands with the first of a chain alone.
    package func sampleValue() throws -> Data {
        try Self.value(of: fullSample, attributes: sampleAttributes(of: fullSample))
    }

    /// The value of a record that carries the minimal sample, first of its chain and not traced.
    package func minimalSampleValue() throws -> Data {
        var attributes = sampleAttributes(of: smallSample)
        attributes.correlationID = attributes.id
        attributes.causationID = nil
        attributes.traceParent = nil
        return try Self.value(of: smallSample, attributes: attributes)
    }

    /// The message in a record's value, read as the Swift type that handles this kind.
    ///
    /// - Throws: `ContractError`.
    package func read(_ value: Data) throws -> any Payload {
        try readEnvelope(value).payload
    }

    /// Reads a record's value and writes it again, as this version of the program would.
    ///
    /// - Throws: `ContractError` where it cannot be read.
    package func rewritten(_ value: Data) throws -> Data {
        try readEnvelope(value).value
    }

    private static func value(of payload: some Payload, attributes: MessageAttributes) throws -> Data {
        try Envelope(attributes: attributes, data: payload).value()
    }

    private func sampleAttributes(of payload: any Payload) -> MessageAttributes {
        MessageAttributes(
            id: SampleTown.id("message \(name)"), source: "/\(writers.first ?? "unknown")/1", type: type,
            version: version, subject: payload.messageSubject, time: SampleTown.morning,
            correlationID: SampleTown.id("the first of the chain"), causationID: SampleTown.id("the cause"),
            traceParent: SampleTown.traceParent)
    }
}
