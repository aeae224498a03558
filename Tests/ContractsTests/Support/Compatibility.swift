import Contracts

/// Whether whoever reads by an earlier release can go on, and whether what was written then still reads today.
///
/// The rules are those of docs/events.md.
enum Compatibility {
    /// What would break, each in one line; none where nothing does.
    static func breaks(from old: ContractRelease, to new: ContractRelease) -> [String] {
        let schemas = old.schemas.sorted { $0.key < $1.key }.flatMap { name, schema in
            new.schemas[name].map { breaks(from: schema, to: $0, at: name) } ?? ["\(name) is gone"]
        }
        let topics = old.topics.sorted { $0.key < $1.key }.flatMap { name, promise in
            new.topics[name].map { breaks(from: promise, to: $0, at: name) } ?? ["\(name) is gone"]
        }
        return schemas + topics
    }

    private static func breaks(
        from old: ContractRelease.TopicPromise, to new: ContractRelease.TopicPromise, at name: String
    ) -> [String] {
        var found: [String] = []
        if old.kind != new.kind { found.append("\(name) has other records") }
        if old.key != new.key { found.append("\(name) has another key") }
        if old.partitions != new.partitions { found.append("\(name) has another count of partitions") }
        if new.retentionDays ?? .max < old.retentionDays ?? .max { found.append("\(name) is kept shorter") }
        let widest: [Topic.Audience] = [.internal, .partner, .public]
        if let before = widest.firstIndex(of: old.audience), let now = widest.firstIndex(of: new.audience), now < before
        {
            found.append("\(name) is read by fewer")
        }
        return found
    }

    /// Of two schemas of one name and version.
    static func breaks(from old: ContractJSON, to new: ContractJSON, at path: String) -> [String] {
        guard case .object(let before) = old, case .object(let now) = new else {
            return old == new ? [] : ["\(path) is another"]
        }
        let keywords = Set(before.keys).union(now.keys).subtracting(ContractRelease.forPeople)
        return keywords.sorted().flatMap { keyword -> [String] in
            let place = "\(path)/\(keyword)"
            switch (keyword, before[keyword], now[keyword]) {
            case ("properties", let old?, let new?), ("$defs", let old?, let new?):
                return old.members.sorted { $0.key < $1.key }.flatMap { name, part in
                    new[name].map { breaks(from: part, to: $0, at: "\(place)/\(name)") } ?? ["\(place)/\(name) is gone"]
                }
            case ("required", let old, let new):
                return required(old, new, at: place)
            case ("enum", let old?, let new?):
                return words(old, new, at: place)
            case ("oneOf", let old?, let new?):
                // What may stand there can become more: readers pass over types that they do not know.
                return old.elements.enumerated().flatMap { index, branch in
                    let tries = new.elements.map { breaks(from: branch, to: $0, at: "\(place)/\(index)") }
                    return tries.contains([]) ? [] : tries.min { $0.count < $1.count } ?? ["\(place)/\(index) is gone"]
                }
            case (_, let old?, let new?):
                return nested.contains(keyword)
                    ? breaks(from: old, to: new, at: place) : old == new ? [] : ["\(place) is another"]
            case (_, nil, _):
                // A part that says nothing of its members may begin to.
                return ["properties", "$defs"].contains(keyword) ? [] : ["\(place) was not there"]
            case (_, _, nil):
                return ["\(place) is gone"]
            }
        }
    }

    /// Keywords under which a schema stands.
    private static let nested: Set<String> = ["items", "additionalProperties", "contains", "not"]

    /// A reader of then relies on what was required; what was written then lacks what was not.
    private static func required(_ old: ContractJSON?, _ new: ContractJSON?, at path: String) -> [String] {
        let (before, now) = (names(old), names(new))
        return before.subtracting(now).sorted().map { "\(path): \($0) need not be there any more" }
            + now.subtracting(before).sorted().map { "\(path): \($0) was not there" }
    }

    private static func words(_ old: ContractJSON, _ new: ContractJSON, at path: String) -> [String] {
        let (before, now) = (names(old), names(new))
        return before.subtracting(now).sorted().map { "\(path): '\($0)' is gone" }
            + now.subtracting(before).sorted().map { "\(path): nobody knows '\($0)'" }
    }

    private static func names(_ list: ContractJSON?) -> Set<String> { Set((list?.elements ?? []).compactMap(\.text)) }
}
