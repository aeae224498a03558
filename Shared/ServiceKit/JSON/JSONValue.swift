/// A JSON document as a value.
///
/// Used where the shape is checked by hand, so that every wrong field can be named at once, and where two documents
/// must be told apart by content (``Fingerprint``). Whole numbers that fit are `integer`, all others `number`.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue {
    /// The member of this name, or nil when there is none or this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text, or nil when this is no string.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number, or nil when this is none.
    package var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// The number, or nil when this is none.
    package var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The truth value, or nil when this is none.
    package var bool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// The elements, or nil when this is no array.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, or nil when this is no object.
    package var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// What this is, in a word that fits "must be …, not …".
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }
    /// Makes an object; of two members with one name the last holds.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try ifOfType({ try container.decode(Bool.self) }) {
            self = .bool(flag)
        } else if let number = try ifOfType({ try container.decode(Double.self) }) {
            self = whole(number, in: container).map(JSONValue.integer) ?? .number(number)
        } else if let text = try ifOfType({ try container.decode(String.self) }) {
            self = .string(text)
        } else if let elements = try ifOfType({ try container.decode([JSONValue].self) }) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

/// The decoded value, or nil when the document holds another type there.
private func ifOfType<Value>(_ decode: () throws -> Value) throws -> Value? {
    do {
        return try decode()
    } catch DecodingError.typeMismatch {
        return nil
    }
}

/// The number to its last digit, when it is whole and fits; asked for only then, since Foundation answers a wrong
/// question of this kind with an error that is not a `DecodingError`.
private func whole(_ number: Double, in container: any SingleValueDecodingContainer) -> Int64? {
    guard number.rounded() == number, abs(number) <= 0x1p63 else { return nil }
    do {
        return try container.decode(Int64.self)
    } catch {
        return nil
    }
}
