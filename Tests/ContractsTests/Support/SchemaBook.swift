import Contracts

/// Walks over a message and its schema side by side.
///
/// Knows as much of JSON Schema as our files use; `validate_schemas.py` asks a whole validator.
struct SchemaBook {
    /// What a schema says about the members of one object.
    struct Shape {
        var properties: [String: ContractJSON] = [:]
        var required: Set<String> = []
    }

    /// Members that the schema does not know, and required ones that are missing, each with its path.
    func complaints(about value: ContractJSON, as schema: ContractJSON, path: String = "") throws -> [String] {
        try walk(value, schema, path: path) { shape, members in
            members.subtracting(shape.properties.keys).map { "\($0) is not in the schema" }
                + shape.required.subtracting(members).map { "\($0) is required and missing" }
        }
    }

    /// Members that the schema knows and the message does not have, each with its path.
    func absences(from value: ContractJSON, as schema: ContractJSON) throws -> [String] {
        try walk(value, schema, path: "") { shape, members in
            Set(shape.properties.keys).subtracting(members).map { "\($0) is missing" }
        }
    }

    private func walk(
        _ value: ContractJSON, _ schema: ContractJSON, path: String, _ compare: (Shape, Set<String>) -> [String]
    ) throws -> [String] {
        switch value {
        case .object(let members):
            // An object whose members bear names that the writer chooses.
            if schema["properties"] == nil, case .object? = schema["additionalProperties"] { return [] }
            let shape = try shape(of: schema, for: value)
            var found = compare(shape, Set(members.keys)).map { "\(path)/\($0)" }
            for (name, member) in members {
                guard let part = shape.properties[name] else { continue }
                found += try walk(member, part, path: "\(path)/\(name)", compare)
            }
            return found.sorted()
        case .array(let elements):
            guard let items = schema["items"] else { return [] }
            return try elements.flatMap { try walk($0, items, path: "\(path)/-", compare) }
        case .null, .bool, .integer, .number, .string:
            return []
        }
    }

    private func shape(of schema: ContractJSON, for value: ContractJSON) throws -> Shape {
        var shape = Shape(
            properties: schema["properties"]?.members ?? [:],
            required: Set((schema["required"]?.elements ?? []).compactMap(\.text)))
        var parts = schema["allOf"]?.elements ?? []
        parts += (schema["oneOf"]?.elements ?? []).filter { fits($0, value) }
        if let reference = schema["$ref"]?.text { parts.append(try resolve(reference)) }
        for part in parts {
            let more = try self.shape(of: part, for: value)
            // The last word is the narrower one: an envelope's `data` is any object until its type is known.
            shape.properties.merge(more.properties) { old, new in
                new["$ref"] != nil || old["$ref"] == nil ? new : old
            }
            shape.required.formUnion(more.required)
        }
        return shape
    }

    /// Whether the branch's constants are those of the value.
    private func fits(_ branch: ContractJSON, _ value: ContractJSON) -> Bool {
        (branch["properties"]?.members ?? [:]).allSatisfy { name, property in
            property["const"].map { $0 == value[name] } ?? true
        }
    }

    private func resolve(_ reference: String) throws -> ContractJSON {
        let halves = reference.split(separator: "#", maxSplits: 1).map(String.init)
        let words = halves[0].split(separator: ":").map(String.init)
        let file = words.count == 5 ? "\(words[3]).v\(words[4])" : words[3]
        let schema = try SchemaShelf.schema(named: file)
        guard halves.count == 2 else { return schema }
        return halves[1].split(separator: "/").reduce(schema) { $0[String($1)] ?? .null }
    }
}
