/// What a person or program may do here.
///
/// One person may have several.
package enum Role: String, CaseIterable, Hashable, Sendable, Codable {
    /// Delivers, and reports what stands in the way.
    case rider
    /// Lives in a community, and reports what is wrong in it.
    case resident
    /// Mends what a unit is responsible for.
    case worker
    /// Checks on the spot whether a report is true and whether the work is done.
    case verifier
    /// Decides whom a case goes to.
    case dispatcher
    /// Runs the system.
    case admin
    /// A rider platform or an importer, which sends for others.
    case platform
    /// Hands prizes over at a rider station 驿站, and counts them.
    case station
}
