package import Contracts
package import Foundation

/// Turns the events of other services into commands of one processor: one per event and addressee.
///
/// Keeps no state.
///
/// What a command should do is decided where the state is; a translator only carries the event there.
package struct Translator: Sendable {
    /// The processor's name.
    package let name: String
    package let sources: [Topic]
    package let target: Topic
    /// - Throws: `ContractError.unknownType` for what it does not know, which is passed over; anything else makes the
    ///   event a dead letter.
    package let translate: @Sendable (SourceRecord) throws -> [Translation]

    package init(
        name: String, sources: [Topic], target: Topic,
        translate: @escaping @Sendable (SourceRecord) throws -> [Translation]
    ) {
        self.name = name
        self.sources = sources
        self.target = target
        self.translate = translate
    }
}

/// An event as a translator sees it.
package struct SourceRecord: Sendable {
    package let attributes: MessageAttributes
    package let value: Data
    /// The catalogue's name of the topic.
    package let topic: String

    package init(attributes: MessageAttributes, value: Data, topic: String) {
        self.attributes = attributes
        self.value = value
        self.topic = topic
    }

    package func read<P: Payload>(_ type: P.Type) throws -> Envelope<P> {
        try Envelope<P>(attributes, value: value)
    }
}

/// A command that follows from an event.
package struct Translation: Sendable {
    package let payload: any Payload
    package let key: String
    /// Whom it is for, where one event makes several commands.
    package let addressee: String

    package init(_ payload: any Payload, key: String, addressee: String = "") {
        self.payload = payload
        self.key = key
        self.addressee = addressee
    }

    /// The command's id follows from the event and the addressee: translating again gives the same command.
    package func envelopeValue(translator: String, cause: MessageAttributes) throws -> Data {
        try value(of: payload, translator: translator, cause: cause)
    }

    private func value(of payload: some Payload, translator: String, cause: MessageAttributes) throws -> Data {
        let id = MessageID(namespace: cause.id, name: "\(translator)|\(addressee)")
        return try Envelope(
            payload, id: id, source: "/\(translator)/translator", time: cause.time, cause: cause
        ).value()
    }
}
