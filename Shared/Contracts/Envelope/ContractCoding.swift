package import Foundation

/// JSON as it stands on topics and in stores: keys sorted, so that the same value always gives the same bytes.
package enum ContractCoding {
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }

    package static func decode<Value: DecodableWithConfiguration>(
        _ type: Value.Type, from data: Data, knowing configuration: Value.DecodingConfiguration
    ) throws -> Value {
        try JSONDecoder().decode(type, from: data, configuration: configuration)
    }

    /// The JSON as text, for a column or a header.
    package static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }
}
