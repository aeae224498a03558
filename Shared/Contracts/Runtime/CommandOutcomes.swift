// Every command is answered: by the event that it caused (its `causationid` is the command's id), or by one of these,
// on the events topic of the processor that it was sent to.

/// A command was refused.
///
/// The reason is meant for the person who asked.
package struct CommandRefused: Message {
    package static let type = "command.refused"

    package let commandId: MessageID
    package let commandType: String
    /// For programs, such as `wrong-stage`, `not-allowed`, `not-found`, `too-late`.
    ///
    package let code: String
    /// For people.
    package let reason: String
    /// What would be allowed instead.
    package let allowed: [String]

    package init(commandId: MessageID, commandType: String, code: String, reason: String, allowed: [String] = []) {
        self.commandId = commandId
        self.commandType = commandType
        self.code = code
        self.reason = reason
        self.allowed = allowed
    }

    package var subject: String { commandId.description }
}

/// A command could not be processed and lies among the dead letters.
package struct CommandFailed: Message {
    package static let type = "command.failed"

    package let commandId: MessageID
    package let commandType: String
    package let reason: String

    package init(commandId: MessageID, commandType: String, reason: String) {
        self.commandId = commandId
        self.commandType = commandType
        self.reason = reason
    }

    package var subject: String { commandId.description }
}

/// A command was taken note of, and there was nothing else to say.
package struct CommandApplied: Message {
    package static let type = "command.applied"

    package let commandId: MessageID
    package let commandType: String

    package init(commandId: MessageID, commandType: String) {
        self.commandId = commandId
        self.commandType = commandType
    }

    package var subject: String { commandId.description }
}
