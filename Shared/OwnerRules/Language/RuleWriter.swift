package import Contracts

extension PackRoutingRule {
    /// The rule as a sentence of the language, by ids; read back it is the same rule.
    package var written: String {
        var parts: [String] = []
        parts.append(categories.isEmpty ? RuleKeyword.everything.written : list(categories.map(\.rawValue)))
        if !communityIds.isEmpty { parts.append("\(RuleKeyword.in.written) \(list(communityIds.map(\.rawValue)))") }
        if let kind {
            parts.append((kind == .snapshot ? RuleKeyword.asSnapshot : .asRequest).written)
        }
        if let conditions { parts += conditions.written }
        let owner = unitId.map { word($0.rawValue) } ?? RuleKeyword.propertyCompany.written
        let duty = conditions?.onDuty == true ? " \(RuleKeyword.onDuty.written)" : ""
        let reason = because.map { ", because \($0)" } ?? ""
        return "\(id): \(parts.joined(separator: ", ")) -> \(owner)\(duty)\(reason)"
    }
}

extension PackRuleConditions {
    fileprivate var written: [String] {
        var parts: [String] = []
        if let compounds {
            let keyword: RuleKeyword = compounds.isInside ? .inside : .outside
            parts.append(
                "\(keyword.written) \(compounds.ids.isEmpty ? RuleKeyword.anyCompound.written : list(compounds.ids))")
        }
        if let grids { parts.append("\(RuleKeyword.inGrid.written) \(list(grids.map(\.rawValue)))") }
        if let workingHours {
            parts.append((workingHours ? RuleKeyword.duringWorkingHours : .outsideWorkingHours).written)
        }
        if let minutes, minutes.count == 2 {
            parts.append("\(RuleKeyword.at.written) \(clockText(minutes[0]))-\(clockText(minutes[1]))")
        }
        if let days { parts.append("\(RuleKeyword.on.written) \(days.map { $0.words[0] }.joined(separator: ", "))") }
        if let load {
            let unit = load.unitId.map { word($0.rawValue) } ?? RuleKeyword.it.written
            parts.append(
                "\(RuleKeyword.while.written) \(unit) \(RuleKeyword.hasFewerThan.written) \(load.fewerThan) "
                    + RuleKeyword.openCases.written)
        }
        return parts
    }
}

private func list(_ ids: [String]) -> String { ids.map(word).joined(separator: ", ") }

/// In quotation marks where it could be taken for something else.
private func word(_ id: String) -> String {
    let isPlain = !RuleKeyword.claims(id) && !id.contains("->") && id.lowercased() != "because"
    return isPlain ? id : "\"\(id)\""
}
