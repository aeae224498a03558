import Contracts

extension ContractJSON {
    /// The value at a path of member names and array positions; nil where it leads nowhere.
    func at(_ path: String...) -> ContractJSON? {
        path.reduce(self as ContractJSON?) { value, name in
            if case .array(let elements)? = value, let index = Int(name), elements.indices.contains(index) {
                return elements[index]
            }
            return value?[name]
        }
    }

    /// The members of an object; none for anything else.
    var members: [String: ContractJSON] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    var elements: [ContractJSON] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// Another value at a path of member names, or none.
    func setting(_ path: [String], to value: ContractJSON?) -> ContractJSON {
        guard let first = path.first, case .object(var members) = self else { return value ?? .null }
        if path.count == 1 {
            members[first] = value
        } else {
            members[first] = (members[first] ?? .null).setting(Array(path.dropFirst()), to: value)
        }
        return .object(members)
    }

    /// Every object with one more member, as a later version of the writer might send it.
    func withUnknownFields() -> ContractJSON {
        switch self {
        case .object(let members):
            var members = members.mapValues { $0.withUnknownFields() }
            members["fromTheFuture"] = ["weather": "雨", "degrees": 12]
            return .object(members)
        case .array(let elements):
            return .array(elements.map { $0.withUnknownFields() })
        case .null, .bool, .integer, .number, .string:
            return self
        }
    }
}
