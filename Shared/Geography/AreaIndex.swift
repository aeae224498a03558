/// Finds the area that a place lies in, among thousands, without walking their outlines.
///
/// Where areas overlap, the one listed first wins: the list is in order of precedence, as its author wrote it. That
/// rule can be read off the file and changed there, and it agrees with how the publisher of a real city's boundaries
/// resolved its own overlaps (the smaller or the "deeper" area does not). So list an enclave before what surrounds it,
/// and keep the list's order from the file to here; nothing else decides.
package struct AreaIndex<ID: Sendable>: Sendable {
    /// The areas' ids, in order of precedence.
    package let ids: [ID]
    private let grid: AreaGrid

    /// Builds the index; the order of `areas` is their precedence.
    package init(_ areas: [(id: ID, area: MultiPolygon)]) {
        ids = areas.map(\.id)
        grid = AreaGrid(areas.map(\.area))
    }

    /// The area that the place lies in or on the edge of; of several, the one listed first; nil outside all.
    package func find(_ place: Place) -> ID? {
        grid.first(at: place).map { ids[$0] }
    }

    /// All areas that the place lies in or on the edge of, in order of precedence.
    package func findAll(_ place: Place) -> [ID] {
        grid.all(at: place).map { ids[$0] }
    }
}
