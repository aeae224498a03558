/// How rates are published.
package struct PackRates: Codable, Sendable, Equatable {
    /// Fewer cases than this are not ranked.
    package let minimumSample: Int

    package init(minimumSample: Int) {
        self.minimumSample = minimumSample
    }
}
