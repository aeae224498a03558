import Contracts

/// How rates are published, as `rates:` of `pack.yaml` says; nil where it says nothing.
func readRates(_ settings: YAMLTable, _ problems: inout ProblemLog) -> PackRates? {
    guard let node = settings.node("rates") else { return nil }
    let keys = ["minimumSample"]
    guard let table = YAMLTable(node, in: settings.file, keys: keys, &problems) else { return nil }
    guard let smallest = table.integer("minimumSample", &problems) else { return nil }
    guard (1...100_000).contains(smallest) else {
        problems.add(
            .badValue, table.file, table.position(of: "minimumSample"), "minimumSample is \(smallest)",
            "a whole number from 1 to 100000 is needed, or no `rates:` for \(PackRates.usualSample)")
        return nil
    }
    return PackRates(minimumSample: smallest)
}
