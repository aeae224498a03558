import Contracts
import Foundation
import Testing

/// The golden files beside the tests: one record's value a message type, as it stood when the version was made.
///
/// They are never edited: a file that no longer reads, or reads as something else, is a broken promise to old logs.
/// `WRITE_MISSING_GOLDEN=1` writes the file of a type that has none yet.
enum GoldenFiles {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden")

    /// The names of all files, without their ending.
    static func names() throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return Set(files.filter { $0.pathExtension == "json" }.map { $0.deletingPathExtension().lastPathComponent })
    }

    /// The record's value of a type: the file without the line end that closes it.
    static func value(of message: MessageDescriptor) throws -> Data {
        let file = folder.appendingPathComponent("\(message.name).json")
        let isAsked = ProcessInfo.processInfo.environment["WRITE_MISSING_GOLDEN"] == "1"
        if isAsked, !FileManager.default.fileExists(atPath: file.path) {
            try (message.sampleValue() + Data("\n".utf8)).write(to: file)
        }
        let bytes = try Data(contentsOf: file)
        return bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }

    static func json(of message: MessageDescriptor) throws -> ContractJSON {
        try ContractCoding.decode(ContractJSON.self, from: try value(of: message))
    }
}

extension MessageDescriptor: CustomTestStringConvertible {
    package var testDescription: String { name }
}
