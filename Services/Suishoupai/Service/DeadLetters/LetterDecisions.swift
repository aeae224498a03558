import Contracts
import EventProcessing
import Foundation

/// What an operator decided about a letter.
struct LetterDecision: Codable, Sendable, Equatable {
    enum How: String, Codable, Sendable {
        case retried
        case discarded
        /// Its record was taken out of its processor's way, which is what made the letter.
        case skipped
    }

    let how: How
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
    /// Records that operators skipped; absent in files of earlier versions.
    private var skipped: [Envelope<RecordSkipped>]?

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

    mutating func add(_ skip: Envelope<RecordSkipped>) {
        var known = skipped ?? []
        guard !known.contains(where: { $0.id == skip.id }) else { return }
        known.append(skip)
        skipped = known
    }

    mutating func add(_ other: LetterDecisions) {
        for decision in other.handled { add(decision) }
        for skip in other.skipped ?? [] { add(skip) }
    }

    /// The last decision about a letter; the skip that made it, where there is no other.
    subscript(letter: DeadLetter) -> LetterDecision? { self[letter.name] ?? skip(of: letter) }

    /// The letter names no log, but where it says that it was skipped, somebody skipped what lay there.
    private func skip(of letter: DeadLetter) -> LetterDecision? {
        guard letter.reason == SkippedRecord.reason else { return nil }
        return skipped?.last { $0.data.subject == letter.origin }.map {
            LetterDecision(
                how: .skipped, reason: $0.data.reason, by: "an operator", at: $0.time, commandId: nil)
        }
    }

    private subscript(name: LetterName) -> LetterDecision? {
        handled.filter { $0.data.store == name.store && $0.data.number == name.number }
            .max { ($0.time, $0.id) < ($1.time, $1.id) }
            .map {
                LetterDecision(
                    how: LetterDecision.How($0.data.how), reason: $0.data.reason, by: $0.data.by, at: $0.time,
                    commandId: $0.data.commandId)
            }
    }
}

extension LetterDecision.How {
    fileprivate init(_ decision: DeadLetterHandled.Decision) {
        self =
            switch decision {
            case .retried: .retried
            case .discarded: .discarded
            }
    }
}

extension DeadLetterHandled {
    /// The id of the decision: the same letter is decided upon in the same way once.
    var id: MessageID { MessageID(namespace: .suishoupai, name: "dead-letter|\(subject)|\(how.rawValue)") }
}
