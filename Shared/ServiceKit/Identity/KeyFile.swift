package import Foundation

/// What stands in a key file: the key that signs and seals, and others that are still believed, or already.
///
/// A line for each key: its bytes as base64url, `from MOMENT` where it signs from a later moment on, and `until MOMENT`
/// where it is believed no longer than that. So a key is exchanged in one step, by one file in another's place, and the
/// former one goes by itself.
package struct KeyFile: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let key: DataFolderKey
        /// The first moment when it signs; nil where it does at once.
        package var from: Date?
        /// The first moment when it is believed no more; nil for one that is good until it is exchanged.
        package var until: Date?

        func isGood(at moment: Date) -> Bool { until.map { moment < $0 } ?? true }
        func maySign(at moment: Date) -> Bool { from.map { $0 <= moment } ?? true }
    }

    /// Which keys count at a moment.
    package struct Choice: Sendable, Equatable {
        /// Signs and seals.
        package let signing: DataFolderKey
        /// Also believed: earlier ones, and one that signs only later.
        package let others: [DataFolderKey]

        /// All that are believed, the one that signs first.
        package var accepted: [DataFolderKey] { [signing] + others }
    }

    static let noneIsGood = "holds no key that is good by now"

    package private(set) var entries: [Entry]

    package init(_ key: DataFolderKey) { entries = [Entry(key: key)] }

    /// - Throws: ``DataFolderKeyError`` with `path`, which text cannot be told by.
    init(text: String, path: String) throws {
        entries = try text.split(whereSeparator: \.isNewline).map { line in
            guard let entry = Entry(line) else {
                throw DataFolderKeyError(file: path, reason: "must hold at least 32 bytes as base64url")
            }
            return entry
        }
        guard !entries.isEmpty else { throw DataFolderKeyError(file: path, reason: "is empty") }
    }

    var text: String { entries.map { $0.text + "\n" }.joined() }

    /// Nil where none may sign at that moment.
    ///
    /// Of several that may, the one does that came to it last, and of equals the first in the file.
    package func choice(at moment: Date) -> Choice? {
        let good = entries.filter { $0.isGood(at: moment) }
        let signers = good.filter { $0.maySign(at: moment) }
        guard let latest = signers.map({ $0.from ?? .distantPast }).max(),
            let signer = signers.first(where: { ($0.from ?? .distantPast) == latest })
        else { return nil }
        return Choice(signing: signer.key, others: good.filter { $0 != signer }.map(\.key))
    }

    /// The moment from which a key that waits will sign; nil where none waits.
    package func startsLater(than moment: Date) -> Date? {
        entries.filter { !$0.maySign(at: moment) && $0.isGood(at: moment) }.compactMap(\.from).min()
    }

    /// Puts a key in the place of the one that signs; that and those before it are believed for a while yet.
    ///
    /// - Parameters:
    ///   - lead: for so many seconds the former one goes on signing while the new one is believed already, so that the
    ///     file can be brought to other machines.
    ///   - grace: for so many seconds more the former ones are believed; 0 for not at all.
    package func rotated(to key: DataFolderKey, at moment: Date, lead: TimeInterval, grace: TimeInterval) -> KeyFile {
        let start = moment.addingTimeInterval(lead)
        let end = start.addingTimeInterval(grace)
        var file = self
        let former = inOrder(at: moment).map { entry in
            Entry(key: entry.key, until: min(entry.until ?? end, end))
        }
        file.entries =
            [Entry(key: key, from: lead > 0 ? start : nil)] + former.filter { $0.isGood(at: moment) }
        return file
    }

    /// The same with the key alone that signs.
    package func retired(at moment: Date) -> KeyFile {
        inOrder(at: moment).first.map { KeyFile($0.key) } ?? self
    }

    /// Those that are good, the one that signs first.
    private func inOrder(at moment: Date) -> [Entry] {
        let good = entries.filter { $0.isGood(at: moment) }
        let signing = choice(at: moment)?.signing
        return good.filter { $0.key == signing } + good.filter { $0.key != signing }
    }
}

extension KeyFile.Entry {
    init(key: DataFolderKey) {
        self.init(key: key, from: nil, until: nil)
    }

    /// Nil for a line that is no key.
    fileprivate init?(_ line: Substring) {
        var words = line.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        guard let bytes = words.popFirst().flatMap({ Base64URL.bytes($0) }), bytes.count >= 32 else { return nil }
        var moments: [String: Date] = [:]
        while let word = words.popFirst() {
            guard ["from", "until"].contains(word), moments[word] == nil,
                let moment = words.popFirst().flatMap({ RFC3339.date($0) })
            else { return nil }
            moments[word] = moment
        }
        self.init(key: DataFolderKey(bytes: bytes), from: moments["from"], until: moments["until"])
    }

    fileprivate var text: String {
        Base64URL.text(key.bytes) + (from.map { " from \(RFC3339.text($0))" } ?? "")
            + (until.map { " until \(RFC3339.text($0))" } ?? "")
    }
}
