import Contracts
import Geography

/// Which compound 小区 a place lies in.
struct CompoundMap: Sendable {
    private let index: AreaIndex<Int>
    private let compounds: [PackCompound]

    /// Leaves out compounds whose outline encloses nothing: a pack is checked before it is put in force.
    init(_ compounds: [PackCompound]) {
        self.compounds = compounds
        var areas: [(id: Int, area: MultiPolygon)] = []
        for (number, compound) in compounds.enumerated() {
            if let area = Self.area(of: compound) { areas.append((number, area)) }
        }
        index = AreaIndex(areas)
    }

    /// The community's compound at the place; of several the one listed first.
    func compound(at location: Location, in communityId: CommunityID) -> PackCompound? {
        guard !compounds.isEmpty,
            let place = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7)
        else { return nil }
        return index.findAll(place).lazy.map { compounds[$0] }.first { $0.communityId == communityId }
    }

    private static func area(of compound: PackCompound) -> MultiPolygon? {
        do {
            // An outline has the compact form of an area, so it is read by the one reader of that form.
            return try ContractCoding.decode(MultiPolygon.self, from: try ContractCoding.encode(compound.outline))
        } catch {
            return nil
        }
    }
}
