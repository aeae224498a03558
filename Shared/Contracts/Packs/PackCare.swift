/// An item of the care list 关爱服务清单: what a city gives to riders and others who work outdoors.
package struct PackCareItem: Codable, Sendable, Equatable {
    package let careItemId: CareItemID
    package let name: String
    package let englishName: String
    /// What it is and how one gets it, in a sentence.
    package let detail: String
    /// Where; empty for everywhere, or for what is given elsewhere.
    package let stationIds: [StationID]

    package init(careItemId: CareItemID, name: String, englishName: String, detail: String, stationIds: [StationID]) {
        self.careItemId = careItemId
        self.name = name
        self.englishName = englishName
        self.detail = detail
        self.stationIds = stationIds
    }
}
