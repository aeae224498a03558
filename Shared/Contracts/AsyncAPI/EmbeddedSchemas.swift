/// Schema files as parts of one document: their names, and their references to each other turned into pointers.
struct EmbeddedSchemas {
    /// By the name under `#/components/schemas`.
    private(set) var schemas: [String: ContractJSON] = [:]

    /// Reads the schemas of the envelope, of the common parts, and of every message of the catalogue.
    init() throws {
        schemas["envelope"] = Self.embedded(try SchemaFiles.schema(named: SchemaFiles.envelope))
        if case .object(let parts)? = try SchemaFiles.schema(named: SchemaFiles.common)["$defs"] {
            for (name, part) in parts { schemas["common.\(name)"] = Self.embedded(part) }
        }
        for message in MessageCatalogue.all {
            schemas[message.name] = Self.embedded(try SchemaFiles.schema(named: message.name))
        }
    }

    static func pointer(_ name: String) -> ContractJSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// The schema without its own identity, pointing into the document.
    ///
    /// A `$ref` that has neighbours moves into an `allOf`, since readers of draft 07 pass over its neighbours.
    private static func embedded(_ schema: ContractJSON) -> ContractJSON {
        switch schema {
        case .object(var members):
            members["$schema"] = nil
            members["$id"] = nil
            members = members.mapValues(embedded)
            guard case .string(let reference)? = members["$ref"] else { return .object(members) }
            members["$ref"] = nil
            let target = pointer(name(ofReference: reference))
            guard !members.isEmpty else { return target }
            members["allOf"] = [target]
            return .object(members)
        case .array(let elements):
            return .array(elements.map(embedded))
        case .null, .bool, .integer, .number, .string:
            return schema
        }
    }

    /// `urn:suishoupai:schema:case.opened:1` → `case.opened.v1`; `…:common#/$defs/location` → `common.location`.
    private static func name(ofReference reference: String) -> String {
        let rest = reference.dropFirst(SchemaReference.prefix.count)
        if let hash = rest.firstIndex(of: "#") {
            let part = rest[hash...].split(separator: "/").last.map(String.init) ?? ""
            return "\(rest[..<hash]).\(part)"
        }
        let words = rest.split(separator: ":", maxSplits: 1)
        guard words.count == 2 else { return String(rest) }
        return "\(words[0]).v\(words[1])"
    }
}
