import Contracts
import Foundation
import OwnerRules

/// Reads the owner rules, which are sentences.
func readRoutingRules(
    _ folder: URL, _ names: RuleNames, _ problems: inout ProblemLog
) -> [Entry<PackRoutingRule>]? {
    let file = PackFile.routing
    guard let text = file.text(in: folder, &problems) else { return nil }
    let reading = RuleReading(text, names: names)
    for fault in reading.faults {
        problems.add(
            PackProblemKind(fault.kind), file, .character(line: fault.line, column: fault.column), fault.problem,
            fault.remedy)
    }
    let rules = reading.rules.map { read -> Entry<PackRoutingRule> in
        checkID(read.rule.id, file, .line(read.line), &problems)
        return Entry(value: read.rule, position: .line(read.line), isSound: read.isSound)
    }
    guard reading.isComplete else { return nil }
    return dropDuplicates(rules, file, called: "the rule", by: \.id, &problems)
}

extension PackProblemKind {
    fileprivate init(_ fault: RuleFault.Kind) {
        switch fault {
        case .sentence: self = .badSentence
        case .unknownCategory: self = .unknownCategory
        case .unknownCommunity: self = .unknownCommunity
        case .unknownCompound: self = .unknownCompound
        case .unknownGrid: self = .unknownGrid
        case .unknownUnit: self = .unknownUnit
        case .ambiguous: self = .ambiguousName
        }
    }
}
