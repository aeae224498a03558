import Foundation
import Yams

/// One mapping of a YAML file, whose values are asked for by key; what is missing or of the wrong kind is noted.
struct YAMLTable {
    let file: PackFile
    let line: Int?
    private let values: [String: Node]

    var position: PackProblem.Position? { line.map { .line($0) } }

    /// Takes a mapping whose keys must all be among `keys`: a key misspelt would otherwise be a value forgotten.
    init?(_ node: Node, in file: PackFile, keys: [String], _ problems: inout ProblemLog) {
        guard let mapping = node.mapping else {
            problems.add(
                .badValue, file, Self.position(of: node), "this is not a list of keys and values",
                "write it as `key: value` lines; the keys are \(keys.joined(separator: ", "))")
            return nil
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, keys.contains(name) else {
                problems.add(
                    .unknownKey, file, Self.position(of: key), "the key \(key.string ?? "(not a text)") is not known",
                    "the keys here are \(keys.joined(separator: ", "))")
                continue
            }
            // `key:` with nothing behind it is the same as no key.
            if value.null == nil { values[name] = value }
        }
        self.file = file
        self.values = values
        line = node.mark?.line
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    func node(_ key: String) -> Node? { values[key] }

    func position(of key: String) -> PackProblem.Position? {
        values[key].flatMap(Self.position(of:)) ?? position
    }

    /// A text that must be there.
    func text(_ key: String, _ problems: inout ProblemLog) -> String? {
        guard values[key] != nil else {
            problems.add(.missingValue, file, position, "\(key) is missing", "add `\(key): …`")
            return nil
        }
        guard let text = optionalText(key, &problems) else { return nil }
        guard !text.isEmpty else {
            problems.add(.missingValue, file, position(of: key), "\(key) is empty", "write something behind `\(key):`")
            return nil
        }
        return text
    }

    func optionalText(_ key: String, _ problems: inout ProblemLog) -> String? {
        guard let node = values[key] else { return nil }
        guard let scalar = node.scalar else {
            problems.add(.badValue, file, position(of: key), "\(key) is not a text", "write one value behind `\(key):`")
            return nil
        }
        return scalar.string.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A list of texts, or a single one; empty where the key is absent.
    func texts(_ key: String, _ problems: inout ProblemLog) -> [Entry<String>] {
        guard let node = values[key] else { return [] }
        let nodes = node.sequence.map(Array.init) ?? [node]
        return nodes.compactMap { item in
            guard let scalar = item.scalar else {
                problems.add(
                    .badValue, file, Self.position(of: item), "\(key) holds something that is not a text",
                    "write it as `\(key): [one, two]`")
                return nil
            }
            return Entry(value: scalar.string, position: Self.position(of: item))
        }
    }

    /// A whole number that must be there.
    func integer(_ key: String, _ problems: inout ProblemLog) -> Int? {
        guard let text = text(key, &problems) else { return nil }
        guard let number = Int(text) else {
            problems.add(.badValue, file, position(of: key), "\(key) is \(text)", "a whole number is needed")
            return nil
        }
        return number
    }

    /// The mappings of a list; empty where the key is absent, nil in the list for an item that is no mapping.
    func tables(_ key: String, keys: [String], _ problems: inout ProblemLog) -> [YAMLTable?] {
        guard let node = values[key] else { return [] }
        guard let items = node.sequence else {
            problems.add(
                .badValue, file, position(of: key), "\(key) is not a list", "begin every item of it with `- `")
            return [nil]
        }
        return items.map { YAMLTable($0, in: file, keys: keys, &problems) }
    }

    /// The texts of a mapping whose keys its writer chooses, in their order; empty where the key is absent.
    func pairs(_ key: String, _ problems: inout ProblemLog) -> [(name: String, text: String)] {
        guard let node = values[key] else { return [] }
        guard let mapping = node.mapping else {
            problems.add(
                .badValue, file, position(of: key), "\(key) is not a list of names and texts",
                "write it as `\(key): { name: text }`")
            return []
        }
        return mapping.compactMap { name, text in
            guard let name = name.string, let text = text.scalar?.string else {
                problems.add(
                    .badValue, file, Self.position(of: text), "\(key) holds something that is not a text",
                    "write it as `\(key): { name: text }`")
                return nil
            }
            return (name, text)
        }
    }

    static func position(of node: Node) -> PackProblem.Position? {
        node.mark.map { .line($0.line) }
    }
}

/// The root of a YAML file; nil where there is none, with a problem noted unless the file is merely empty.
func yamlRoot(of file: PackFile, in folder: URL, _ problems: inout ProblemLog) -> Node? {
    guard let text = file.text(in: folder, &problems) else { return nil }
    do {
        return try Yams.compose(yaml: text)
    } catch let error as YamlError {
        let (line, reason) = explain(error)
        problems.add(
            .unreadable, file, line.map { .line($0) }, "the YAML cannot be read: \(reason)",
            "look at this line and the one before: indentation, a missing quote or colon")
    } catch {
        problems.add(.unreadable, file, nil, "the YAML cannot be read: \(error)", "check the file")
    }
    return nil
}

/// The mappings of a YAML file that is one list; an empty file is an empty list.
///
/// Nil where the file could not be read, so that what refers to it is not blamed; nil in the list for such an item.
func yamlList(of file: PackFile, in folder: URL, keys: [String], _ problems: inout ProblemLog) -> [YAMLTable?]? {
    let errorsBefore = problems.problems.count
    guard let root = yamlRoot(of: file, in: folder, &problems) else {
        return problems.problems.count == errorsBefore ? [] : nil
    }
    if root.null != nil { return [] }
    guard let items = root.sequence else {
        problems.add(
            .unreadable, file, YAMLTable.position(of: root), "the file is not a list", "begin every item with `- `")
        return nil
    }
    return items.map { YAMLTable($0, in: file, keys: keys, &problems) }
}

private func explain(_ error: YamlError) -> (line: Int?, reason: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (mark.line, problem)
    case .duplicatedKeysInMapping(let keys, let context):
        (context.mark.line, "the key \(keys.joined(separator: ", ")) stands twice")
    default: (nil, "\(error)")
    }
}
