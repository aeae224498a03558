import Contracts
import EventProcessing
import Foundation

/// What an operator decided about a letter.
struct LetterDecision: Codable, Sendable, Equatable {
    let how: DeadLetterHandled.Decision
    let reason: String
    let by: String
    let at: Timestamp
    let commandId: MessageID?

    var line: String {
        "\(how.rawValue) by \(by) at \(at): \(reason)" + (commandId.map { ", as command \($0)" } ?? "")
    }
}

/// Everything that operators ever decided about dead letters.
///
/// Is kept in the data folder, since a broker of one machine forgets, and travels on `control.v1`, since on a cluster
/// the folder is that of one host among many. A decision has an id that follows from its letter: it is one decision,
/// wherever and however often it was read.
struct LetterDecisions: Codable, Sendable, Equatable {
    private(set) var handled: [Envelope<DeadLetterHandled>] = []

    static func kept(in folder: DataFolder) throws -> LetterDecisions {
        let path = folder.lettersFile.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return LetterDecisions() }
        return try ContractCoding.decode(LetterDecisions.self, from: Data(contentsOf: folder.lettersFile))
    }

    func keep(in folder: DataFolder) throws {
        try ContractCoding.encode(self).write(to: folder.lettersFile, options: .atomic)
    }

    mutating func add(_ decision: Envelope<DeadLetterHandled>) {
        guard !handled.contains(where: { $0.id == decision.id }) else { return }
        handled.append(decision)
    }

    /// The last decision about a letter.
    subscript(name: LetterName) -> LetterDecision? {
        handled.filter { $0.data.store == name.store && $0.data.number == name.number }
            .max { ($0.time, $0.id) < ($1.time, $1.id) }
            .map {
                LetterDecision(
                    how: $0.data.how, reason: $0.data.reason, by: $0.data.by, at: $0.time,
                    commandId: $0.data.commandId)
            }
    }
}

extension DeadLetterHandled {
    /// The id of the decision: the same letter is decided upon in the same way once.
    var id: MessageID { MessageID(namespace: .suishoupai, name: "dead-letter|\(subject)|\(how.rawValue)") }
}
