import Contracts
import Hummingbird

/// What the pack in force says of places, units and categories: for forms and labels.
struct ReferenceView: ResponseEncodable, Sendable {
    struct Box: Codable, Equatable, Sendable {
        let south: Double
        let west: Double
        let north: Double
        let east: Double
    }

    struct Community: Encodable, Sendable {
        let id: CommunityID
        let name: String
        /// The smallest upright rectangle around its outline; absent where the pack draws none.
        let bounds: Box?
    }

    struct Grid: Encodable, Sendable {
        let id: GridID
        let name: String
        let communityId: CommunityID
    }

    struct Category: Encodable, Sendable {
        let code: CategoryCode
        let name: String
        let englishName: String
        let kind: ReportKind
    }

    let name: String
    let title: String
    let version: Int
    let communities: [Community]
    /// 网格; none where the pack draws none.
    let grids: [Grid]
    let units: [PackUnit]
    let categories: [Category]

    init(_ pack: Pack) {
        name = pack.name
        title = pack.title
        version = pack.version
        communities = pack.communities.map {
            Community(id: $0.id, name: $0.name, bounds: Box(CommunityOutline($0).rings.joined()))
        }
        grids = (pack.grids ?? []).map { Grid(id: $0.id, name: $0.name, communityId: $0.communityId) }
        units = pack.units
        categories = pack.categories.map {
            Category(code: $0.code, name: $0.name, englishName: $0.englishName, kind: $0.kind)
        }
    }
}

extension ReferenceView.Box {
    fileprivate init?(_ places: some Sequence<Location>) {
        let latitudes = places.map(\.latitude)
        let longitudes = places.map(\.longitude)
        guard let south = latitudes.min(), let north = latitudes.max(), let west = longitudes.min(),
            let east = longitudes.max()
        else { return nil }
        self.init(south: south, west: west, north: north, east: east)
    }
}

/// The outlines of a community as places, holes left out: enough for a small map.
struct CommunityOutline: Sendable {
    let rings: [[Location]]

    init(_ community: PackCommunity) {
        rings = community.outline.compactMap(\.first).map(Self.places)
    }

    /// Reads `[lat, lng, Δlat, Δlng, …]`; numbers that lead off the Earth end the ring.
    private static func places(_ numbers: [Int]) -> [Location] {
        var places: [Location] = []
        var latitude = 0
        var longitude = 0
        for index in stride(from: 0, to: numbers.count - 1, by: 2) {
            let (north, isTooFarNorth) = latitude.addingReportingOverflow(numbers[index])
            let (east, isTooFarEast) = longitude.addingReportingOverflow(numbers[index + 1])
            guard !isTooFarNorth, !isTooFarEast, (-900_000_000...900_000_000).contains(north),
                (-1_800_000_000...1_800_000_000).contains(east)
            else { break }
            places.append(Location(latitudeE7: north, longitudeE7: east))
            latitude = north
            longitude = east
        }
        return places
    }
}
