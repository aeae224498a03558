import ArgumentParser
import Contracts
import Foundation
import Logging
import ServiceKit

/// Who decides.
struct DeciderOptions: ParsableArguments {
    @Option(help: "Who decides (default: the name of the user).")
    var by: String?

    var name: String {
        guard let by, !by.isEmpty else { return NSUserName().isEmpty ? "operator" : NSUserName() }
        return by
    }
}

/// `suishoupai dead-letters retry`.
struct DeadLettersRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send the command of a dead letter once more, to the partition that it came from.",
        discussion: """
            Mend the cause first. The command gets an id of its own, whose cause is the old one, and no time limit. \
            Retried twice it is still sent once. Waits until the partition has taken it.

            Exit status: 0 when it was applied, or was retried before; 1 when it was refused, failed again, cannot be \
            sent, or was not taken in time (the same command again goes on); 2 when there is no such letter or nothing \
            runs on the data folder.

            Example:
              suishoupai dead-letters retry case-routing/3#17 --data ./data --reason "the pack is whole now"
            """)

    @OptionGroup var options: LetterFolderOptions
    @OptionGroup var decider: DeciderOptions

    @Option(help: "Why.")
    var reason = "retried"

    @Option(help: ArgumentHelp("How long to wait until it is taken.", valueName: "seconds"))
    var wait = 30

    @Argument(help: ArgumentHelp("The letter.", valueName: "store#number"))
    var letter: LetterName

    func run() async throws {
        let (folder, shelf, box) = try await options.open()
        let contents = try box.demand(letter, in: shelf)
        if let handled = contents.letter.handled, handled.how == .retried {
            print("• \(letter) was \(handled.line)")
            return
        }
        let command: LetterCommand
        do { command = try LetterCommand(contents) } catch { throw Failure(error) }
        _ = try DeploymentBroker.demand(folder)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let desk = LetterDesk(folder: folder, logger: Logger(label: "suishoupai"))
        let outcome =
            try await exclusively(desk) {
                guard let outcome = try await desk.deliver(command, within: .seconds(wait)) else { return nil }
                try await desk.record(
                    DeadLetterHandled(
                        store: letter.store, number: letter.number, how: .retried, reason: reason, by: decider.name,
                        commandId: command.id))
                return outcome
            } as LetterDesk.Outcome?
        try tell(outcome, command)
    }

    private func tell(_ outcome: LetterDesk.Outcome?, _ command: LetterCommand) throws {
        switch outcome {
        case .applied: print("✓ \(letter) was sent once more as command \(command.id) and applied")
        case .refused(let reason):
            print("✗ \(letter) was sent once more as command \(command.id) and refused: \(reason)")
            throw ExitCode(1)
        case .failed(let again, let reason):
            print("✗ \(letter) was sent once more and failed again: it lies as \(again) now: \(reason)")
            throw ExitCode(1)
        case nil:
            throw Failure("the partition has not taken it after \(wait) s; run the same command again")
        }
    }
}

/// `suishoupai dead-letters discard`.
struct DeadLettersDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Leave a dead letter as it is, for a reason that is written down.",
        discussion: """
            Nothing is deleted: the letter and its bytes stay, with the decision beside them.

            Exit status: 0 when it is written down, or was before, or its record was skipped; 1 when the letter was retried; 2 when there is no \
            such letter or nothing runs on the data folder.

            Example:
              suishoupai dead-letters discard case-routing/3#17 --data ./data --reason "sent by a test script"
            """)

    @OptionGroup var options: LetterFolderOptions
    @OptionGroup var decider: DeciderOptions

    @Option(help: "Why.")
    var reason: String

    @Argument(help: ArgumentHelp("The letter.", valueName: "store#number"))
    var letter: LetterName

    func validate() throws {
        guard !reason.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            throw ValidationError("Give a --reason: it is all that is known of the letter later.")
        }
    }

    func run() async throws {
        let (folder, shelf, box) = try await options.open()
        if let handled = try box.demand(letter, in: shelf).letter.handled {
            print("• \(letter) was \(handled.line)")
            guard handled.how != .retried else { throw ExitCode(1) }
            return
        }
        _ = try DeploymentBroker.demand(folder)
        LogSetup.bootstrap(service: "suishoupai", format: .console, level: .error)
        let desk = LetterDesk(folder: folder, logger: Logger(label: "suishoupai"))
        try await exclusively(desk) {
            try await desk.record(
                DeadLetterHandled(
                    store: letter.store, number: letter.number, how: .discarded, reason: reason, by: decider.name))
        }
        print("✓ \(letter) is discarded: \(reason)")
    }
}

/// A sentence for the operator, and exit status 1.
private struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error) { description = "\(error)" }
    init(_ text: String) { description = text }
}

private func exclusively<Result>(_ desk: LetterDesk, _ body: () async throws -> Result) async throws -> Result {
    do {
        return try await desk.exclusively(body)
    } catch let fault as LetterFault {
        throw Failure(fault)
    }
}
