/// How rates are published.
package struct PackRates: Codable, Sendable, Equatable {
    /// Fewer cases than this are not ranked.
    package let minimumSample: Int

    /// Where the pack says nothing.
    package static let usualSample = 10

    package init(minimumSample: Int) {
        self.minimumSample = minimumSample
    }
}
