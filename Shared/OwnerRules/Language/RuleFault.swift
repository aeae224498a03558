/// What is wrong with a rule's sentence, where, and what to write instead.
package struct RuleFault: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The words do not make a sentence of the language.
        case sentence
        case unknownCategory
        case unknownCommunity
        case unknownCompound
        case unknownGrid
        case unknownUnit
        /// A name that stands for more than one thing.
        case ambiguous
    }

    package let kind: Kind
    /// From 1.
    package let line: Int
    /// The character of the line, from 1.
    package let column: Int
    package let problem: String
    package let remedy: String

    package init(kind: Kind, line: Int, column: Int, problem: String, remedy: String) {
        self.kind = kind
        self.line = line
        self.column = column
        self.problem = problem
        self.remedy = remedy
    }
}

extension RuleFault: CustomStringConvertible {
    package var description: String { "line \(line), column \(column): \(problem); \(remedy)" }
}
