package import Contracts
package import Foundation
package import GRDB

/// A deterministic state machine over one ordered command topic.
///
/// The same commands in the same order give the same tables and the same output bytes, whoever applies them. So `decide`
/// may use nothing but the command, its transaction and what follows from them.
package protocol Processor: Sendable {
    /// Names its stores' folder, its ids and its sources, such as `case-routing`.
    var name: String { get }
    /// Raised whenever `decide` may answer differently than before.
    ///
    /// The log says from which record on the new one counts; records before that are decided by the logic that
    /// `Transaction.logic` names, so `decide` keeps its earlier answers down to `oldestLogic`.
    var logic: Int { get }
    /// The lowest logic that `decide` still knows.
    var oldestLogic: Int { get }
    var commandTopic: Topic { get }
    /// Where outcomes go that no event of its own tells.
    var eventTopic: Topic { get }
    /// The processor's own tables, as they are digested.
    var machineTables: [String] { get }

    /// What its stores know of how the city stands.
    var figures: [StoreFigure] { get }

    /// Adds the migrations of the processor's own tables.
    func migrate(_ migrator: inout DatabaseMigrator)

    /// Applies one command.
    ///
    /// - Throws: What makes the command a dead letter. What a sender may do wrong is a refusal instead.
    func decide(_ command: Command, in transaction: Transaction) throws -> Disposition
}

extension Processor {
    package var oldestLogic: Int { LogicInForce.first }
    package var figures: [StoreFigure] { [] }
}

/// What became of a command.
package enum Disposition: Sendable, Equatable {
    case applied
    /// Everything that `decide` wrote is rolled back, and the sender hears why.
    case refused(Refusal)
}

/// Why a command was not followed, for the person who sent it.
package struct Refusal: Sendable, Equatable {
    /// For programs, such as `wrong-stage`.
    package let code: String
    /// For people.
    package let reason: String
    /// What would be allowed instead.
    package let allowed: [String]

    package init(code: String, reason: String, allowed: [String] = []) {
        self.code = code
        self.reason = reason
        self.allowed = allowed
    }
}

/// One record of the command topic.
package struct Command: Sendable {
    package let attributes: MessageAttributes
    package let value: Data
    /// When the log took it, by the log's stamp.
    package let stamp: Timestamp

    package init(attributes: MessageAttributes, value: Data, stamp: Timestamp) {
        self.attributes = attributes
        self.value = value
        self.stamp = stamp
    }

    /// Reads the whole command.
    package func read<P: Payload>(_ type: P.Type) throws -> Envelope<P> {
        try Envelope<P>(attributes, value: value)
    }

    /// Whether somebody waits for one outcome: portal and the operator do, translators do not.
    var expectsOutcome: Bool {
        attributes.source.hasPrefix("/portal/") || attributes.source.hasPrefix("/suishoupai")
    }
}
