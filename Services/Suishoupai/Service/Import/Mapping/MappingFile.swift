import Yams

/// Reads a mapping from YAML.
struct MappingFile {
    private let root: Node

    private static let keys = [
        "id", "description", "latitude", "longitude", "datum", "kind", "category", "observedAt", "address",
        "reporterId", "values", "delimiter",
    ]

    static func parse(_ yaml: String) throws -> ImportMapping {
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw MappingFault(line: nil, "is not YAML: \(error)")
        }
        guard let node else { throw MappingFault(line: nil, "is empty") }
        return try MappingFile(root: node).mapping()
    }

    private func mapping() throws -> ImportMapping {
        let fields = try members(of: root, among: Self.keys)
        var mapping = ImportMapping(
            id: try columnOrTemplate("id", fields), description: try template("description", fields),
            latitude: try columnOrTemplate("latitude", fields), longitude: try columnOrTemplate("longitude", fields))
        if let node = fields["delimiter"] { mapping.delimiter = try delimiter(node) }
        if let node = fields["values"] { mapping.values = try values(node) }
        if let node = fields["datum"] { mapping.datum = try lookupOrTemplate("datum", node) }
        if let node = fields["kind"] { mapping.kind = try lookupOrTemplate("kind", node) }
        mapping.category = try fields["category"].map { try lookupOrTemplate("category", $0) }
        mapping.reporterId = try fields["reporterId"].map { try lookupOrTemplate("reporterId", $0) }
        if fields["address"] != nil { mapping.address = try columnOrTemplate("address", fields) }
        mapping.observedAt = try fields["observedAt"].map(moment)
        return mapping
    }

    private func delimiter(_ node: Node) throws -> Character {
        guard let text = node.string, text.utf8.count == 1, let delimiter = text.first, !"\"\r\n".contains(delimiter)
        else { throw MappingFault(node, "delimiter must be one character, such as \";\"") }
        return delimiter
    }

    private func values(_ node: Node) throws -> [String: RowText] {
        let values = try members(of: node, among: nil).reduce(into: [String: RowText]()) {
            $0[$1.key] = try lookupOrTemplate($1.key, $1.value)
        }
        if let ring = RowText.ring(in: values) {
            throw MappingFault(node, "these values need one another: \(ring.joined(separator: ", "))")
        }
        return values
    }

    private func moment(_ node: Node) throws -> MomentReading {
        guard node.mapping != nil else {
            return MomentReading(try columnOrTemplate("observedAt", node), format: "rfc3339", utcOffsetMinutes: 0)
        }
        let fields = try members(of: node, among: ["column", "format", "utcOffsetMinutes"])
        guard fields["column"] != nil else {
            throw MappingFault(node, "observedAt needs a column, such as {column: created, format: unix}")
        }
        let format = try text("format", fields) ?? "rfc3339"
        var offset = 0
        if let node = fields["utcOffsetMinutes"] {
            // From Baker Island to the Line Islands; Foundation's formatter ends the process a little beyond.
            guard let minutes = node.int, (-720...840).contains(minutes) else {
                throw MappingFault(node, "utcOffsetMinutes must be a number of minutes, such as -480")
            }
            offset = minutes
        }
        return MomentReading(try columnOrTemplate("column", fields), format: format, utcOffsetMinutes: offset)
    }

    private func lookupOrTemplate(_ name: String, _ node: Node) throws -> RowText {
        guard node.mapping != nil else { return try template(name, node) }
        let fields = try members(of: node, among: ["column", "map", "otherwise"])
        guard let column = fields["column"]?.string else {
            throw MappingFault(node, "\(name) needs a column, such as {column: type, map: {\"1\": E0201}}")
        }
        guard let map = fields["map"] else {
            guard fields["otherwise"] == nil else {
                throw MappingFault(node, "\(name) has otherwise without a map that it could be otherwise to")
            }
            return .cell(column)
        }
        let words = try members(of: map, among: nil).mapValues { node in
            guard let text = node.string else { throw MappingFault(node, "the map of \(name) holds texts only") }
            return text
        }
        return .lookup(column: column, map: words, otherwise: try text("otherwise", fields))
    }

    /// A text that may be left out; nil then.
    private func text(_ name: String, _ fields: [String: Node]) throws -> String? {
        guard let node = fields[name] else { return nil }
        guard let text = node.string else { throw MappingFault(node, "\(name) must be a text") }
        return text
    }

    private func template(_ name: String, _ fields: [String: Node]) throws -> RowText {
        guard let node = fields[name] else { throw MappingFault(root, "'\(name)' is missing") }
        return try template(name, node)
    }

    private func template(_ name: String, _ node: Node) throws -> RowText {
        guard let text = node.string else { throw MappingFault(node, "\(name) must be a text") }
        guard let template = RowText.parse(text) else {
            throw MappingFault(node, "\(name): a column is written {column}, with both braces")
        }
        return template
    }

    private func columnOrTemplate(_ name: String, _ fields: [String: Node]) throws -> RowText {
        guard let node = fields[name] else { throw MappingFault(root, "'\(name)' is missing") }
        return try columnOrTemplate(name, node)
    }

    private func columnOrTemplate(_ name: String, _ node: Node) throws -> RowText {
        guard let text = node.string, !text.isEmpty else { throw MappingFault(node, "\(name) must name a column") }
        return text.contains("{") ? try template(name, node) : .cell(text)
    }

    private func members(of node: Node, among known: [String]?) throws -> [String: Node] {
        guard let mapping = node.mapping else { throw MappingFault(node, "write it as `key: value` lines") }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string else { throw MappingFault(key, "a key must be a text") }
            guard known?.contains(name) ?? true else {
                throw MappingFault(
                    key, "'\(name)' is not known here; choose from \((known ?? []).joined(separator: ", "))")
            }
            members[name] = value
        }
        return members
    }
}

/// What is wrong with a mapping, and where.
struct MappingFault: Error, Equatable, CustomStringConvertible {
    let line: Int?
    let reason: String

    init(line: Int?, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    fileprivate init(_ node: Node, _ reason: String) {
        self.init(line: node.mark?.line, reason)
    }

    var description: String { line.map { "line \($0): \(reason)" } ?? reason }
}
