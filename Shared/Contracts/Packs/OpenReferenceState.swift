/// What everybody may know of the pack in force: the record of `open-reference.v1`, keyed by the pack's name; the last
/// record counts.
///
/// Names to read public figures by, and what there is for people: stations, care items, teams. No post of staff, no
/// member of a team, no rule and no outline.
package struct OpenReferenceState: Message {
    package static let type = "open-reference.state"

    package struct Community: Codable, Sendable, Equatable {
        package let communityId: CommunityID
        package let name: String
    }

    package struct Unit: Codable, Sendable, Equatable {
        package let unitId: UnitID
        package let name: String
    }

    package struct Category: Codable, Sendable, Equatable {
        package let category: CategoryCode
        package let name: String
        package let englishName: String
        package let kind: ReportKind
    }

    package struct Station: Codable, Sendable, Equatable {
        package let stationId: StationID
        package let name: String
        package let communityId: CommunityID
        package let address: String
        /// In words.
        package let hours: String
    }

    package struct Team: Codable, Sendable, Equatable {
        package let teamId: TeamID
        package let name: String
    }

    package let packName: String
    package let packVersion: Int
    package let packHash: String
    package let title: String
    package let communities: [Community]
    package let units: [Unit]
    package let categories: [Category]
    package let stations: [Station]
    package let careItems: [PackCareItem]
    package let teams: [Team]

    /// - Parameter hash: That of the pack's bytes, which records of `reference.v1` name.
    package init(_ pack: Pack, hash: String) {
        packName = pack.name
        packVersion = pack.version
        packHash = hash
        title = pack.title
        communities = pack.communities.map { Community(communityId: $0.id, name: $0.name) }
        units = pack.units.map { Unit(unitId: $0.id, name: $0.name) }
        categories = pack.categories.map {
            Category(category: $0.code, name: $0.name, englishName: $0.englishName, kind: $0.kind)
        }
        stations = (pack.points?.stations ?? []).map {
            Station(stationId: $0.id, name: $0.name, communityId: $0.communityId, address: $0.address, hours: $0.hours)
        }
        careItems = pack.care ?? []
        teams = (pack.points?.teams ?? []).map { Team(teamId: $0.id, name: $0.name) }
    }

    package var subject: String { packName }
}
