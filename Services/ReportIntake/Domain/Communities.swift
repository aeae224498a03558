package import Contracts
import Geography

/// Finds the community that a place lies in, by the boundaries of one pack.
package struct Communities: Sendable {
    /// Before any pack is in force.
    package static let none = Communities(index: AreaIndex([]))

    private let index: AreaIndex<CommunityID>

    private init(index: AreaIndex<CommunityID>) {
        self.index = index
    }

    /// Reads the outlines of a pack; where two overlap, the one listed first wins.
    ///
    /// - Throws: `ContractError.malformed` that names the first community whose outline encloses nothing.
    package init(of pack: Pack) throws {
        index = AreaIndex(
            try pack.communities.map { community in (id: community.id, area: try Self.area(of: community)) })
    }

    /// The community, or `unassigned` outside all of them.
    package func community(at location: Location) -> CommunityID {
        guard let place = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7) else {
            return .unassigned
        }
        return index.find(place) ?? .unassigned
    }

    private static func area(of community: PackCommunity) throws -> MultiPolygon {
        do {
            // An outline has the compact form of an area, so it is read by the one reader of that form.
            return try ContractCoding.decode(MultiPolygon.self, from: try ContractCoding.encode(community.outline))
        } catch let error as DecodingError {
            throw ContractError.malformed("the outline of community '\(community.id)': \(error.sentence)")
        }
    }
}
