import Contracts

/// What `matching:` in `pack.yaml` says; nil where it is absent, so that nearness alone counts.
func readMatching(_ settings: YAMLTable, _ problems: inout ProblemLog) -> PackMatching? {
    guard let node = settings.node("matching") else { return nil }
    let keys = ["certain", "doubtful", "reachMetres", "days", "closed"]
    guard let table = YAMLTable(node, in: settings.file, keys: keys, &problems) else { return nil }
    let certain = within(1...1000, "certain", of: table, &problems)
    let doubtful = within(1...1000, "doubtful", of: table, &problems)
    if doubtful > certain {
        problems.add(
            .badValue, table.file, table.position(of: "doubtful"), "doubtful is \(doubtful), above certain \(certain)",
            "what joins by itself must have a higher score than what is only proposed: write at most \(certain)")
    }
    return PackMatching(
        certain: certain, doubtful: doubtful, reach: within(1...1000, "reachMetres", of: table, &problems) * 100,
        days: within(1...365, "days", of: table, &problems), closed: readClosed(table, &problems))
}

private func readClosed(_ table: YAMLTable, _ problems: inout ProblemLog) -> PackMatching.Closed? {
    guard let text = table.optionalText("closed", &problems) else { return nil }
    let words = PackMatching.Closed.allCases.map(\.rawValue)
    guard let closed = PackMatching.Closed(rawValue: text) else {
        problems.add(
            .badValue, table.file, table.position(of: "closed"), "closed is \(text)",
            "write \(words.joined(separator: " or "))")
        return nil
    }
    return closed
}
