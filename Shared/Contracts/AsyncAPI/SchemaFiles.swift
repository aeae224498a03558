package import Foundation

/// The JSON Schemas (draft 2020-12) that travel with the program: one a message type, the envelope, and common parts.
package enum SchemaFiles {
    /// The schema of the envelope, whatever it carries.
    package static let envelope = "envelope"
    /// Parts that several schemas share, in its `$defs`.
    package static let common = "common"

    /// Where the files lie.
    package static var folder: URL {
        Bundle.module.resourceURL.map { $0.appendingPathComponent("Schemas") } ?? Bundle.module.bundleURL
    }

    /// The schema of a message type, such as `case.opened.v1`, or `envelope`, or `common`.
    ///
    /// - Throws: What reading the file throws; `ContractError.malformed` where it is no JSON.
    package static func schema(named name: String) throws -> ContractJSON {
        let bytes = try Data(contentsOf: folder.appendingPathComponent("\(name).schema.json"))
        do {
            return try ContractCoding.decode(ContractJSON.self, from: bytes)
        } catch let error as DecodingError {
            throw ContractError.malformed("schema \(name): \(error.sentence)")
        }
    }
}
