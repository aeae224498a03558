package import Contracts

/// Tests that are not about the words write them in one language.
extension Explanation: ExpressibleByStringInterpolation {
    package init(stringLiteral words: String) { self.init(written: words) }
}
