import Contracts
import Geography
import ReportIntakeDomain

extension Pack {
    /// A pack with these communities and little else.
    static func sample(
        _ communities: [PackCommunity], categories: [PackCategory] = [], emergencies: [PackEmergency]? = nil,
        questions: [PackQuestion]? = nil, landmarks: [PackLandmark]? = nil
    ) -> Pack {
        Pack(
            name: "sample", title: "Sample", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: communities, units: [], people: [], categories: categories, routingRules: [], pointRules: [],
            templates: [], webhooks: [], mergeDistance: 3_000, emergencies: emergencies,
            questions: questions, landmarks: landmarks)
    }

    /// One community, two categories and one danger.
    static let advising = sample(
        [.square("mingdu", latitudeE7: 286_800_000, longitudeE7: 1_158_500_000)],
        categories: [
            .sample("E0102", keywords: ["垃圾", "生活垃圾"]), .sample("P0101", keywords: ["井盖"]),
        ],
        emergencies: [
            PackEmergency(
                id: "fire", words: ["着火"], exceptions: ["万一着火"], call: ["119"], advice: "快走。",
                englishAdvice: "Get away.")
        ])
}

extension PackCategory {
    static func sample(_ code: CategoryCode, keywords: [String]) -> PackCategory {
        PackCategory(
            code: code, name: "类别 \(code)", englishName: "Category \(code)", kind: .snapshot, filingLimit: "2w",
            handlingLimit: "4w", keywords: keywords, gbCode: nil, gbVerified: false)
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

extension ReporterNames {
    static let sample = ReporterNames(
        confidential: { PersonID("conf:\($0.rawValue)-hidden") }, anonymous: { .anonymous($0.description) })
}

extension Sender {
    static let rider = Sender(id: "rider-7", maySpeakForOthers: false)
    static let platform = Sender(id: "platform-a", maySpeakForOthers: true)
}

extension ReportForm {
    static func sample(
        description: String = "Rubbish beside the bin", latitude: Double = 28.6829, longitude: Double = 115.8582,
        category: CategoryCode? = "E0102", address: String? = nil, externalId: String? = nil,
        reporterId: PersonID? = nil, datum: Datum? = nil
    ) throws -> ReportForm {
        ReportForm(
            kind: .snapshot, category: category, description: try Wording(description),
            location: try Location.checked(latitude: latitude, longitude: longitude, datum: .wgs84),
            address: try address.map { try AddressLine($0) }, observedAt: nil,
            externalId: try externalId.map { try ExternalID($0) }, reporterId: reporterId, datum: datum)
    }
}
