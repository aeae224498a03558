import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import ServiceKit

/// Where keys of the data folder are exchanged and looked at; of the keys themselves it tells nothing.
struct FolderKeyDesk: Sendable {
    let folder: DataFolder

    /// Makes a key that signs from now on, or after a lead, while the former one is believed for a while.
    ///
    /// - Throws: `ValidationError` where it cannot be, with what to do; `DataFolderKeyError`.
    func rotate(
        _ name: DataFolderKey.Name, leadMinutes: Int, graceHours: Int?, at moment: Timestamp
    ) throws -> FolderKeyState {
        let usual = try Self.usualGrace(of: name)
        return try changing(name, at: moment) { file, now in
            if let start = file.startsLater(than: now) {
                throw ValidationError(
                    "A key of '\(name.word)' waits already, to sign from \(RFC3339.text(start)) on. Rotate again then.")
            }
            return file.rotated(
                to: .random(), at: now, lead: Double(leadMinutes * 60), grace: Double((graceHours ?? usual) * 3_600))
        }
    }

    /// Ends the time in which former keys are believed; where there are none it changes nothing.
    ///
    /// - Throws: As ``rotate(_:leadMinutes:graceHours:at:)``.
    func retire(_ name: DataFolderKey.Name, at moment: Timestamp) throws -> FolderKeyState {
        _ = try Self.usualGrace(of: name)
        return try changing(name, at: moment) { file, now in
            if let start = file.startsLater(than: now) {
                throw ValidationError(
                    "The new key of '\(name.word)' signs only from \(RFC3339.text(start)) on: until then the former one "
                        + "does. Retire it afterwards.")
            }
            return file.retired(at: now)
        }
    }

    /// All keys that the folder has.
    ///
    /// - Throws: `DataFolderKeyError`.
    func states(at moment: Timestamp) throws -> [FolderKeyState] {
        try DataFolderKey.Name.allCases.sorted { $0.rawValue < $1.rawValue }.compactMap { name in
            try KeyFile.read(KeyFile.url(of: name, in: folder.url)).map { FolderKeyState(name, $0, at: moment) }
        }
    }

    private static func usualGrace(of name: DataFolderKey.Name) throws -> Int {
        switch name.rotation {
        case .overlapping(let hours): return hours
        case .refused(let why): throw ValidationError("keys/\(name.rawValue) cannot be exchanged: \(why)")
        }
    }

    /// Puts another file in the place of one that is there, one command at a time.
    private func changing(
        _ name: DataFolderKey.Name, at moment: Timestamp, _ change: (KeyFile, Date) throws -> KeyFile
    ) throws -> FolderKeyState {
        let lock: LockFile
        do {
            lock = try LockFile(folder.url.appending(path: "keys.lock"))
        } catch StoreError.locked {
            throw ValidationError("Another 'suishoupai keys' is at work on this folder: wait until it has ended.")
        }
        defer { lock.release() }
        let url = KeyFile.url(of: name, in: folder.url)
        guard let file = try KeyFile.read(url) else {
            throw ValidationError("There is no \(url.path(percentEncoded: false)) yet: it is made when it is needed.")
        }
        let changed = try change(file, Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000))
        if changed != file { try changed.replace(url) }
        return FolderKeyState(name, changed, at: moment)
    }
}

/// A key file as an operator sees it: keys by their labels.
struct FolderKeyState: Codable, Equatable, Sendable {
    /// One that is still believed, or already.
    struct Other: Codable, Equatable, Sendable {
        let label: String
        /// From when on it signs; absent for one that did before.
        let signsFrom: Timestamp?
        /// The first moment when it is believed no more.
        let until: Timestamp?
    }

    let name: String
    /// The label of the key that signs; absent where all are too old.
    let signs: String?
    let believed: [Other]
    /// Whether `keys rotate` takes it.
    let canRotate: Bool

    init(_ name: DataFolderKey.Name, _ file: KeyFile, at moment: Timestamp) {
        let choice = file.choice(at: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000))
        self.name = name.word
        signs = choice?.signing.label
        believed = file.entries.filter { choice?.others.contains($0.key) == true }.map { entry in
            let start = entry.from.map(Self.timestamp)
            return Other(
                label: entry.key.label, signsFrom: start.flatMap { $0 > moment ? $0 : nil },
                until: entry.until.map(Self.timestamp))
        }
        if case .overlapping = name.rotation { canRotate = true } else { canRotate = false }
    }

    private static func timestamp(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }

    /// Such as `3f9a2c71 signs, 81b20c55 is believed until 2026-11-28T12:00:00.000Z`.
    var text: String {
        let others = believed.map { other in
            let start = other.signsFrom.map { " and signs from \($0) on" } ?? ""
            return "\(other.label) is believed\(start)\(other.until.map { " until \($0)" } ?? "")"
        }
        return ([signs.map { "\($0) signs" } ?? "none signs"] + others).joined(separator: ", ")
    }
}
