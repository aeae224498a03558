package import Foundation

// ContractError
//   unknownType      a type that this union does not hold: a reader passes over it
//   newerVersion     a known type in a version from the future: a processor stops its partition and says so
//   malformed        a known type that cannot be read: a dead letter

/// Why a record could not be read as the message that was asked for.
package enum ContractError: Error, Equatable, CustomStringConvertible {
    case unknownType(String)
    case newerVersion(type: String, found: Int, known: Int)
    case malformed(String)

    package var description: String {
        switch self {
        case .unknownType(let type): "unknown message type '\(type)'"
        case .newerVersion(let type, let found, let known):
            "'\(type)' has version \(found), this program knows up to \(known): upgrade it first"
        case .malformed(let reason): "malformed message: \(reason)"
        }
    }
}

/// What can stand in an envelope's `data`: one message type, or a union of several told apart by `type`.
package protocol Payload: Sendable, Equatable {
    /// The CloudEvents `type`.
    var messageType: String { get }
    var messageVersion: Int { get }
    /// The CloudEvents `subject`: the id of what the message is about.
    var messageSubject: String { get }

    static func decode(type: String, version: Int, from decoder: any Decoder) throws -> Self
    func encodeData(to encoder: any Encoder) throws
    /// The bytes of ``encodeData(to:)``.
    func dataJSON() throws -> Data
}

extension Payload {
    package func dataJSON() throws -> Data { try ContractCoding.encode(PayloadData(payload: self)) }
}

/// A payload without its envelope.
private struct PayloadData<Content: Payload>: Encodable {
    let payload: Content

    func encode(to encoder: any Encoder) throws { try payload.encodeData(to: encoder) }
}

/// One kind of event, state or command.
///
/// Evolves only by optional fields; a change of meaning is a new `version`.
package protocol Message: Payload, Codable {
    static var type: String { get }
    static var version: Int { get }
    var subject: String { get }
}

extension Message {
    package static var version: Int { 1 }
    package var messageType: String { Self.type }
    package var messageVersion: Int { Self.version }
    package var messageSubject: String { subject }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> Self {
        guard type == Self.type else { throw ContractError.unknownType(type) }
        guard version <= Self.version else {
            throw ContractError.newerVersion(type: type, found: version, known: Self.version)
        }
        return try Self(from: decoder)
    }

    package func encodeData(to encoder: any Encoder) throws {
        try encode(to: encoder)
    }
}
