package import Foundation
import Logging
import Synchronization

/// The keys of one file of the data folder, for a program that goes on while they are exchanged.
///
/// Each use looks what lies there, a read of a hundred bytes, so that what one program signs with a new
/// key all others on the folder believe at once.
package final class DataFolderKeys: Sendable {
    private struct State {
        /// What was read last.
        var bytes: [UInt8] = []
        var file: KeyFile
        var choice: KeyFile.Choice
        var generation = 0
        /// Why what lies there now was not taken; said once.
        var complaint: String?
    }

    private let path: String
    private let logger = Logger(label: "keys")
    private let now: @Sendable () -> Date
    private let state: Mutex<State>

    /// Reads the keys, and makes the first one when there is none.
    ///
    /// - Throws: ``DataFolderKeyError``.
    package init(
        _ name: DataFolderKey.Name, in dataFolder: URL, now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        let url = KeyFile.url(of: name, in: dataFolder)
        let file = try KeyFile.load(name, in: dataFolder)
        guard let choice = file.choice(at: now()) else {
            throw DataFolderKeyError(file: url.path(percentEncoded: false), reason: KeyFile.noneIsGood)
        }
        path = url.path(percentEncoded: false)
        self.now = now
        state = Mutex(State(file: file, choice: choice))
    }

    /// Signs and seals.
    package var signing: DataFolderKey { current.choice.signing }

    /// All that are believed, the one that signs first.
    package var accepted: [DataFolderKey] { current.choice.accepted }

    /// Which keys count by now, and how often that has changed: what was found by them before is to be found anew.
    package var current: (choice: KeyFile.Choice, generation: Int) {
        state.withLock { state in
            lookAgain(&state)
            if let choice = state.file.choice(at: now()), choice != state.choice {
                state.choice = choice
                state.generation += 1
            }
            return (state.choice, state.generation)
        }
    }

    /// A file that is gone, or no key file any more, changes nothing: the program goes on as it was.
    private func lookAgain(_ state: inout State) {
        do {
            guard let bytes = try KeyFile.bytes(of: path) else { return complain("is not there any more", &state) }
            if bytes != state.bytes {
                state.file = try KeyFile(bytes, of: path)
                state.bytes = bytes
            }
            state.complaint = nil
        } catch let error as DataFolderKeyError {
            complain(error.reason, &state)
        } catch {
            complain("cannot be read: \(error)", &state)
        }
    }

    private func complain(_ reason: String, _ state: inout State) {
        guard reason != state.complaint else { return }
        state.complaint = reason
        logger.error(
            "The keys that were read last stay good",
            metadata: ["file": "\(path)", "reason": "\(reason)"])
    }
}
