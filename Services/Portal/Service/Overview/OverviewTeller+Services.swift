import Contracts

extension OverviewTeller {
    /// What `overview-services.mustache` shows: what the city has for riders and for those who help.
    var services: [String: Any] {
        let stations = told.reference?.stations ?? []
        let care = told.reference?.careItems ?? []
        let teams = told.reference?.teams ?? []
        let names = stations.reduce(into: [StationID: String]()) { $0[$1.stationId] = $1.name }
        return [
            "hasServices": !(stations.isEmpty && care.isEmpty && teams.isEmpty),
            "stations": stations.map {
                [
                    "stationName": $0.name, "stationCommunity": name(of: $0.communityId),
                    "stationAddress": $0.address, "stationHours": $0.hours,
                ]
            },
            "hasStations": !stations.isEmpty,
            "careItems": care.map { item in
                [
                    "careName": visit.language == .english ? item.englishName : item.name,
                    // The pack has its details in Chinese alone.
                    "careDetail": visit.language == .english ? "" : item.detail,
                    "careWhere": item.stationIds.isEmpty
                        ? "" : item.stationIds.map { names[$0] ?? $0.rawValue }.joined(separator: separator),
                ]
            },
            "hasCare": !care.isEmpty,
            "teams": teams.map { ["teamName": $0.name] },
            "hasTeams": !teams.isEmpty,
        ]
    }
}
