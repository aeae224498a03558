package import Contracts

/// An event with made-up facts, to see what a text looks like.
package enum SampleEvent {
    /// The catalogue's sample of a type; nil for what nobody is told about.
    ///
    /// - Throws: `ContractError` where the sample cannot be read as what it is, which no catalogue that passed its tests gives.
    package static func of(type: String) throws -> NotifiableEvent? {
        guard TellableEvent.all.contains(type), let message = MessageCatalogue.message(ofType: type, version: 1) else {
            return nil
        }
        return try Envelope<NotifiableEvent>(value: try message.sampleValue()).data
    }
}
