import Contracts
import Geography
import ReportIntakeDomain

extension Pack {
    /// A pack with these communities and nothing else.
    static func sample(_ communities: [PackCommunity]) -> Pack {
        Pack(
            name: "sample", title: "Sample", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: communities, units: [], people: [], categories: [], routingRules: [], pointRules: [],
            dailyPointCap: nil, templates: [], webhooks: [], mergeDistance: 3_000)
    }
}

extension PackCommunity {
    /// A square, its side about 1 km, that begins at a corner and goes north and east.
    static func square(_ id: CommunityID, latitudeE7: Int, longitudeE7: Int, side: Int = 100_000) -> PackCommunity {
        PackCommunity(
            id: id, name: id.rawValue, ledgerId: "ledger", caseNumberPrefix: "X",
            outline: [[[latitudeE7, longitudeE7, side, 0, 0, side, -side, 0]]])
    }
}

extension Sender {
    static let rider = Sender(id: "rider-7", maySpeakForOthers: false)
    static let platform = Sender(id: "platform-a", maySpeakForOthers: true)
}

extension ReportForm {
    static func sample(
        description: String = "Rubbish beside the bin", latitude: Double = 28.6829, longitude: Double = 115.8582,
        externalId: String? = nil, reporterId: PersonID? = nil
    ) throws -> ReportForm {
        ReportForm(
            kind: .snapshot, category: "E0102", description: try Wording(description),
            location: try Location.checked(latitude: latitude, longitude: longitude, datum: .wgs84), address: nil,
            observedAt: nil, externalId: try externalId.map { try ExternalID($0) }, reporterId: reporterId)
    }
}
