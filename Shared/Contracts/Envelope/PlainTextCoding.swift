/// A value that stands in JSON as one string.
///
/// Foundation's coders make a box and a container of their own for each value of a type that they do not know; ids and
/// moments are most of what our messages consist of. The compiler finds these shorter ways when it writes the coding of a
/// type. What stands on the wire is the same.
package protocol PlainTextCodable: Codable {
    var codedText: String { get }
    /// - Throws: `DecodingError` at `path` where the text is none of these.
    init(codedText: String, at path: [any CodingKey]) throws
}

extension PlainTextCodable {
    package init(from decoder: any Decoder) throws {
        try self.init(
            codedText: try decoder.singleValueContainer().decode(String.self), at: decoder.codingPath)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(codedText)
    }
}

extension KeyedEncodingContainer {
    package mutating func encode(_ value: some PlainTextCodable, forKey key: Key) throws {
        try encode(value.codedText, forKey: key)
    }

    package mutating func encodeIfPresent(_ value: (some PlainTextCodable)?, forKey key: Key) throws {
        try encodeIfPresent(value?.codedText, forKey: key)
    }

    package mutating func encode(_ values: [some PlainTextCodable], forKey key: Key) throws {
        try encode(values.map(\.codedText), forKey: key)
    }

    package mutating func encodeIfPresent(_ values: [some PlainTextCodable]?, forKey key: Key) throws {
        try encodeIfPresent(values?.map(\.codedText), forKey: key)
    }
}

extension KeyedDecodingContainer {
    package func decode<Value: PlainTextCodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(codedText: try decode(String.self, forKey: key), at: codingPath + [key])
    }

    package func decodeIfPresent<Value: PlainTextCodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try decodeIfPresent(String.self, forKey: key).map { try Value(codedText: $0, at: codingPath + [key]) }
    }

    package func decode<Value: PlainTextCodable>(_ type: [Value].Type, forKey key: Key) throws -> [Value] {
        try decode([String].self, forKey: key).map { try Value(codedText: $0, at: codingPath + [key]) }
    }

    package func decodeIfPresent<Value: PlainTextCodable>(_ type: [Value].Type, forKey key: Key) throws -> [Value]? {
        try decodeIfPresent([String].self, forKey: key)?.map { try Value(codedText: $0, at: codingPath + [key]) }
    }
}
