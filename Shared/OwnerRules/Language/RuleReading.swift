package import Contracts

/// A text of owner rules, read: the rules in order, and all that is wrong.
package struct RuleReading: Sendable {
    /// A rule with the line that it begins in.
    package struct Read: Sendable {
        package let rule: PackRoutingRule
        package let line: Int
        /// False where a name in it is unknown.
        package let isSound: Bool
    }

    package private(set) var rules: [Read] = []
    package private(set) var faults: [RuleFault] = []
    /// False where a sentence could not be read at all, so that its rule is missing.
    package private(set) var isComplete = true

    package init(_ text: String, names: RuleNames) {
        for sentence in RuleText(text).sentences {
            do throws(RuleFault) {
                var parser = try RuleParser(sentence)
                let read = try parser.read()
                var resolver = RuleResolver(names: names)
                let rule = resolver.rule(read, sentence: sentence.text)
                rules.append(Read(rule: rule, line: sentence.line, isSound: resolver.faults.isEmpty))
                faults += resolver.faults
            } catch {
                isComplete = false
                faults.append(error)
            }
        }
    }
}

/// Looks up what a sentence names.
private struct RuleResolver {
    let names: RuleNames
    var faults: [RuleFault] = []

    init(names: RuleNames) {
        self.names = names
    }

    mutating func rule(_ read: RuleSentence, sentence: String) -> PackRoutingRule {
        var codes: [CategoryCode] = []
        for thing in read.things {
            for code in categories(thing) where !codes.contains(code) { codes.append(code) }
        }
        let conditions = PackRuleConditions {
            $0.compounds = read.compounds.map { compounds in
                .init(
                    isInside: compounds.isInside,
                    ids: compounds.names.map {
                        one($0, in: names.compounds, .unknownCompound, "compound", "compounds.geojson")
                    })
            }
            $0.grids = read.grids?.map {
                GridID(one($0, in: names.grids, .unknownGrid, "grid", "grids.geojson"))
            }
            $0.workingHours = read.workingHours
            $0.minutes = read.minutes
            $0.days = read.days
            $0.load = read.load.map { load in .init(unitId: load.unit.map { unit($0) }, fewerThan: load.fewerThan) }
            $0.onDuty = read.isOnDuty ? true : nil
        }
        return PackRoutingRule(
            id: read.id.text, categories: codes,
            communityIds: read.communities.map {
                CommunityID(one($0, in: names.communities, .unknownCommunity, "community", "communities.geojson"))
            }, kind: read.kind, unitId: read.owner.map { unit($0) }, conditions: conditions.isEmpty ? nil : conditions,
            because: read.because, sentence: sentence)
    }

    private mutating func unit(_ word: RuleWord) -> UnitID {
        UnitID(one(word, in: names.units, .unknownUnit, "unit", "units.csv"))
    }

    private mutating func categories(_ word: RuleWord) -> [CategoryCode] {
        if word.text.hasSuffix("*") {
            let found = names.categories(called: word.text)
            if found.isEmpty {
                note(
                    .unknownCategory, word, "no category begins like \(word.text)", "correct the beginning of the code")
            }
            return found.isEmpty ? [CategoryCode(word.text)] : found
        }
        return [CategoryCode(one(word, in: names.categories, .unknownCategory, "category", "categories.csv"))]
    }

    /// The one id that a word means; the word itself, and a fault, where there is none or more.
    private mutating func one(
        _ word: RuleWord, in list: [RuleNames.Named]?, _ kind: RuleFault.Kind, _ what: String, _ file: String
    ) -> String {
        let found = names.find(word.text, in: list)
        if found.count == 1 { return found[0] }
        if found.isEmpty {
            note(kind, word, "the \(what) \(word.text) is not in \(file)", "add it there or correct the name")
        } else {
            note(
                .ambiguous, word, "\(word.text) stands for \(found.joined(separator: " and "))",
                "write the \(what == "category" ? "code" : "id")")
        }
        return word.text
    }

    private mutating func note(_ kind: RuleFault.Kind, _ word: RuleWord, _ problem: String, _ remedy: String) {
        faults.append(
            RuleFault(kind: kind, line: word.line, column: word.column, problem: problem, remedy: remedy))
    }
}
