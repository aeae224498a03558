/// What stands in a cell of a table that is given away, whatever file it becomes.
package enum Cell: Sendable, Equatable {
    case empty
    /// Words: never a formula, whatever they begin with.
    case text(String)
    case number(Double)
    /// Milliseconds since 1970, shown as the clock of the place shows it.
    case moment(Int64)
}

/// A column of a table.
package struct Column: Sendable, Equatable {
    package let title: String
    /// About how many signs its cells have.
    package let width: Int

    package init(_ title: String, width: Int) {
        self.title = title
        self.width = width
    }
}
