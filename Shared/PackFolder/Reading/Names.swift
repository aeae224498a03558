import Contracts

/// What other files of the folder name; nil where that file could not be read, so that nothing is called unknown for it.
struct KnownNames {
    let units: Set<UnitID>?
    let communities: Set<CommunityID>?
    let categories: [CategoryCode]?

    /// Whether the unit is known; notes it where not.
    func has(
        _ unit: UnitID, _ file: PackFile, _ position: PackProblem.Position?, _ problems: inout ProblemLog
    ) -> Bool {
        guard let units, !units.contains(unit) else { return true }
        problems.add(
            .unknownUnit, file, position, "the unit \(unit) is not in \(PackFile.units.rawValue)",
            "add it there or correct the name")
        return false
    }

    /// Whether the community is known, or `unassigned`; notes it where not.
    func has(
        _ community: CommunityID, _ file: PackFile, _ position: PackProblem.Position?, _ problems: inout ProblemLog
    ) -> Bool {
        guard let communities, !communities.contains(community), community != .unassigned else { return true }
        problems.add(
            .unknownCommunity, file, position,
            "the community \(community) is not in \(PackFile.communities.rawValue)", "add it there or correct the name")
        return false
    }

    /// The categories that a list such as `[E0102, S*]` means, and whether all of them are known.
    func categories(
        named entries: [Entry<String>], _ file: PackFile, _ problems: inout ProblemLog
    ) -> (codes: [CategoryCode], areKnown: Bool) {
        var codes: [CategoryCode] = []
        var areKnown = true
        for entry in entries {
            let found = matches(entry.value)
            if found.isEmpty {
                areKnown = false
                problems.add(
                    .unknownCategory, file, entry.position,
                    entry.value.hasSuffix("*")
                        ? "no category begins like \(entry.value)"
                        : "the category \(entry.value) is not in \(PackFile.categories.rawValue)",
                    "add it there or correct the code")
                codes.append(CategoryCode(entry.value))
            }
            for code in found where !codes.contains(code) { codes.append(code) }
        }
        return (codes, areKnown)
    }

    private func matches(_ text: String) -> [CategoryCode] {
        guard let categories else { return [CategoryCode(text)] }
        guard text.hasSuffix("*") else { return categories.filter { $0.rawValue == text } }
        let beginning = text.dropLast()
        return categories.filter { $0.rawValue.hasPrefix(beginning) }
    }
}

/// Notes an id that other programs could not carry: they stand in file names, addresses and keys of records.
func checkID(_ id: String, _ file: PackFile, _ position: PackProblem.Position?, _ problems: inout ProblemLog) {
    let isSound =
        (1...64).contains(id.utf8.count)
        && id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    guard !isSound else { return }
    problems.add(
        .badID, file, position, "\(id) cannot be an id",
        "use 1 to 64 of the letters a-z and A-Z, digits, -, _ and .; names in Chinese have their own place")
}

/// The entries without those whose key came before; notes each that came before.
func dropDuplicates<Value, Key: Hashable & CustomStringConvertible>(
    _ entries: [Entry<Value>], _ file: PackFile, called what: String, by key: (Value) -> Key,
    _ problems: inout ProblemLog
) -> [Entry<Value>] {
    var first: [Key: PackProblem.Position?] = [:]
    return entries.filter { entry in
        let key = key(entry.value)
        guard let earlier = first[key] else {
            first[key] = entry.position
            return true
        }
        let place = earlier.map { " (first in \($0))" } ?? ""
        problems.add(
            .duplicate, file, entry.position, "\(what) \(key) stands twice\(place)", "take one of them out or rename it"
        )
        return false
    }
}

/// Reads `snapshot` or `request`; notes anything else.
func reportKind(
    _ text: String, _ file: PackFile, _ position: PackProblem.Position?, _ problems: inout ProblemLog
) -> ReportKind? {
    if let kind = ReportKind(rawValue: text) { return kind }
    problems.add(
        .badValue, file, position, "kind is \(text)", "write snapshot (随手拍, a problem seen) or request (直通车)")
    return nil
}
