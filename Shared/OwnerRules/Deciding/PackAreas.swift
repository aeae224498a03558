package import Contracts
import Geography

/// Which of a pack's areas a place lies in, of those of its community: compounds 小区, or grids 网格.
package struct PackAreas<Area: PackArea>: Sendable {
    private let index: AreaIndex<Int>
    private let areas: [Area]

    /// Leaves out areas whose outline encloses nothing: a pack is checked before it is put in force.
    package init(_ areas: [Area]) {
        self.areas = areas
        var read: [(id: Int, area: MultiPolygon)] = []
        for (number, area) in areas.enumerated() {
            if let outline = Self.read(area.outline) { read.append((number, outline)) }
        }
        index = AreaIndex(read)
    }

    /// The community's area at the place; of several the one listed first.
    package func area(at location: Location, in communityId: CommunityID) -> Area? {
        guard !areas.isEmpty, let place = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7)
        else { return nil }
        return index.findAll(place).lazy.map { areas[$0] }.first { $0.communityId == communityId }
    }

    private static func read(_ outline: [[[Int]]]) -> MultiPolygon? {
        do {
            // An outline has the compact form of an area, so it is read by the one reader of that form.
            return try ContractCoding.decode(MultiPolygon.self, from: try ContractCoding.encode(outline))
        } catch {
            return nil
        }
    }
}

/// A part of a community with an outline.
package protocol PackArea: Sendable {
    var communityId: CommunityID { get }
    var outline: [[[Int]]] { get }
}

extension PackCompound: PackArea {}
extension PackGrid: PackArea {}
