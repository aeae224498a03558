package import Foundation

/// What an OpenAPI document says: every call that it knows, spelled as a router spells it, and what it refers to.
package struct DescribedDoors {
    /// What HEAD and OPTIONS answer follows from these.
    package static let methods: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    /// Such as `GET /v1/cases/{id}`.
    package let names: Set<String>
    /// Every `$ref`.
    package let references: [String]
    /// Those of them that lead nowhere.
    package let brokenReferences: [String]

    /// - Parameter formats: what `{format}` in a path stands for.
    package init(_ file: URL, formats: [String] = []) throws {
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        guard let paths = (document as? [String: Any])?["paths"] as? [String: Any] else {
            throw CocoaError(.fileReadCorruptFile)
        }
        var names: Set<String> = []
        for (path, item) in paths {
            let calls = (item as? [String: Any] ?? [:]).keys.map { $0.uppercased() }.filter(Self.methods.contains)
            for format in path.contains("{format}") ? formats : [""] {
                names.formUnion(calls.map { "\($0) \(path.replacing("{format}", with: format))" })
            }
        }
        self.names = names
        let references = Self.references(in: document)
        self.references = references
        brokenReferences = references.filter { Self.found($0, in: document) == nil }
    }

    private static func references(in value: Any) -> [String] {
        switch value {
        case let members as [String: Any]:
            members.flatMap { name, value in
                name == "$ref" ? [value as? String ?? ""] : references(in: value)
            }
        case let elements as [Any]: elements.flatMap { references(in: $0) }
        default: []
        }
    }

    private static func found(_ reference: String, in document: Any) -> Any? {
        reference.dropFirst("#/".count).split(separator: "/").reduce(document as Any?) { part, name in
            (part as? [String: Any])?[String(name)]
        }
    }
}
