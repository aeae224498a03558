import Foundation
import PackFolder
import Testing

/// The top of the repository, found from this file.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

let nanchang = repository.appendingPathComponent("deploy/packs/nanchang", isDirectory: true)

/// Lends a folder that is gone afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("pack-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    return try body(folder)
}

/// A change to one file of the demo pack.
enum Edit: Sendable {
    /// Puts one text for another, which must stand in the file exactly once.
    case replace(PackFile, String, with: String)
    case append(PackFile, String)
    case overwrite(PackFile, Data)
    case remove(PackFile)

    fileprivate func apply(in folder: URL) throws {
        switch self {
        case .replace(let file, let old, let new):
            let url = folder.appendingPathComponent(file.rawValue)
            let text = try String(contentsOf: url, encoding: .utf8)
            try #require(text.components(separatedBy: old).count == 2, "\(old) must stand once in \(file.rawValue)")
            try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: url)
        case .append(let file, let addition):
            let url = folder.appendingPathComponent(file.rawValue)
            try Data((try String(contentsOf: url, encoding: .utf8) + addition).utf8).write(to: url)
        case .overwrite(let file, let content):
            try content.write(to: folder.appendingPathComponent(file.rawValue))
        case .remove(let file):
            try FileManager.default.removeItem(at: folder.appendingPathComponent(file.rawValue))
        }
    }
}

/// What comes of reading the demo pack after some changes.
func readNanchang(after edits: [Edit]) throws -> PackFolder.Reading {
    try withTemporaryFolder { parent in
        let folder = parent.appendingPathComponent("pack", isDirectory: true)
        try FileManager.default.copyItem(at: nanchang, to: folder)
        for edit in edits { try edit.apply(in: folder) }
        return PackFolder.read(folder)
    }
}
