import Contracts
import Foundation

/// The files of one topic's export.
struct ExportFolder: Sendable {
    let url: URL
    let topic: String

    private func file(_ ending: String) -> URL { url.appending(path: "\(topic).\(ending)") }

    var plan: URL { file("plan.json") }
    var progress: URL { file("progress.json") }
    var lines: URL { file("ndjson") }
    var manifest: URL { file("manifest.json") }
    var signature: URL { file("manifest.sig") }
    func part(_ partition: Int32) -> URL { file("\(partition).part") }
    func converted(_ format: ExportFormat) -> URL { file(format.rawValue) }

    static func exists(_ file: URL) -> Bool {
        FileManager.default.fileExists(atPath: file.path(percentEncoded: false))
    }

    func read<Value: Decodable>(_ type: Value.Type, _ file: URL) throws -> Value? {
        guard Self.exists(file) else { return nil }
        return try ContractCoding.decode(type, from: Data(contentsOf: file))
    }

    func keep(_ value: some Encodable, in file: URL) throws {
        try replace(file, with: ContractCoding.encode(value))
    }

    /// The file has its old content or the new one, whenever the process ends.
    ///
    /// What a kill leaves has a name that the next run writes over: Foundation's own drafts would stay for ever.
    func replace(_ file: URL, with content: Data) throws {
        let draft = Self.draft(of: file)
        try content.write(to: draft)
        try Disk.synchronize(draft)
        guard rename(draft.path(percentEncoded: false), file.path(percentEncoded: false)) == 0 else {
            throw ExportFault.unwritten(file: file.path(percentEncoded: false), errno: errno)
        }
    }

    private static func draft(of file: URL) -> URL { file.beside("draft") }

    /// Opens a partition's lines for going on behind so many bytes; whatever lies behind was not yet safe.
    func open(_ part: ExportProgress.Part) throws -> FileHandle {
        let file = self.part(part.partition)
        if !Self.exists(file) { try Data().write(to: file) }
        let handle = try FileHandle(forUpdating: file)
        try handle.truncate(atOffset: part.bytes)
        try handle.seekToEnd()
        return handle
    }

    /// Puts the partitions together, one behind the other.
    func assemble(_ progress: ExportProgress) throws {
        let draft = Self.draft(of: lines)
        try Data().write(to: draft)
        let handle = try FileHandle(forWritingTo: draft)
        for part in progress.parts.sorted(by: { $0.partition < $1.partition }) {
            let reader = try FileHandle(forReadingFrom: self.part(part.partition))
            while let chunk = try reader.read(upToCount: 1 << 20), !chunk.isEmpty {
                try handle.write(contentsOf: chunk)
            }
            try reader.close()
        }
        try handle.synchronize()
        try handle.close()
        guard rename(draft.path(percentEncoded: false), lines.path(percentEncoded: false)) == 0 else {
            throw ExportFault.unwritten(file: lines.path(percentEncoded: false), errno: errno)
        }
    }

    /// Takes away what only an unfinished export needs; the plan last, so that what was cut short is taken up again.
    func tidy(_ plan: ExportPlan) throws {
        let drafts = [lines, manifest, signature, progress, self.plan].map(Self.draft)
        for file in plan.spans.map({ part($0.partition) }) + drafts + [progress, self.plan] where Self.exists(file) {
            try FileManager.default.removeItem(at: file)
        }
    }

    /// Ends an export that was killed when all was made and only the tidying was left; nil for any other.
    ///
    /// - Throws: ``ExportFault/otherAsk`` where it was begun for something else.
    func finish(_ ask: ExportAsk, as format: ExportFormat) throws -> ExportManifest? {
        // The manifest is the last that is made.
        guard let begun = try read(ExportPlan.self, plan), let made = try read(ExportManifest.self, manifest) else {
            return nil
        }
        guard begun.ask == ask,
            format == .ndjson || made.files.contains(where: { $0.name == converted(format).lastPathComponent })
        else { throw ExportFault.otherAsk(folder: url.path(percentEncoded: false)) }
        try tidy(begun)
        return made
    }

    /// Hands over each line without its end.
    func eachLine(_ body: (Data) throws -> Void) throws {
        let reader = try FileHandle(forReadingFrom: lines)
        defer { reader.closeFile() }
        var rest = Data()
        while let chunk = try reader.read(upToCount: 1 << 20), !chunk.isEmpty {
            var pieces = (rest + chunk).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = pieces.popLast().map { Data($0) } ?? Data()
            for piece in pieces where !piece.isEmpty { try body(Data(piece)) }
        }
        if !rest.isEmpty { try body(rest) }
    }
}
