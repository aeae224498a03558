/// Why points moved, as their holder reads it.
///
/// English names a rule, a station or a task by what the pack calls it; words that somebody wrote stay as they were written.
package struct Explanation: Sendable, Equatable {
    package let chinese: String
    /// Nil where there is nothing but what somebody wrote.
    package let english: String?

    package init(_ chinese: String, english: String) {
        self.chinese = chinese
        self.english = english
    }

    /// - Parameter words: As somebody wrote them.
    package init(written words: String) {
        chinese = words
        english = nil
    }
}
