package import Contracts
import Geography

/// Finds the community that a place lies in, by the boundaries of one pack.
package struct Communities: Sendable {
    /// Before any pack is in force.
    package static let none = Communities([])

    private struct Outlined: Sendable {
        let id: CommunityID
        let name: String
        let area: MultiPolygon
    }

    private let outlined: [Outlined]
    private let index: AreaIndex<CommunityID>

    private init(_ outlined: [Outlined]) {
        self.outlined = outlined
        index = AreaIndex(outlined.map { (id: $0.id, area: $0.area) })
    }

    /// Reads the outlines of a pack; where two overlap, the one listed first wins.
    ///
    /// - Throws: `ContractError.malformed` that names the first community whose outline encloses nothing.
    package init(of pack: Pack) throws {
        self.init(
            try pack.communities.map { community in
                Outlined(id: community.id, name: community.name, area: try Self.area(of: community))
            })
    }

    /// The community, or `unassigned` outside all of them.
    package func community(at location: Location) -> CommunityID {
        guard let place = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7) else {
            return .unassigned
        }
        return index.find(place) ?? .unassigned
    }

    /// The community whose edge is nearest; of equally near ones the one listed first.
    ///
    /// Nil where there is none at all.
    package func nearest(to location: Location) -> NearestCommunity? {
        guard let place = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7) else { return nil }
        var nearest: Outlined?
        var best = Int.max
        for candidate in outlined where !candidate.area.isFurther(from: place, than: best) {
            let distance = candidate.area.distance(from: place)
            guard distance < best else { continue }
            best = distance
            nearest = candidate
        }
        return nearest.map { NearestCommunity(id: $0.id, name: $0.name, distance: (best + 50) / 100) }
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
