import Contracts
import ServiceKit

/// A case as everybody may have it, without signing in: what `open-cases.v1` says of it, with names from the pack.
///
/// It is known by its number, which says nothing of who reported it.
struct OpenCase: Sendable, Equatable {
    let id: String
    let community: String
    let communityName: String
    let category: String
    let categoryName: String?
    let categoryEnglishName: String?
    let kind: ReportKind
    let stage: CaseStage
    let isOpen: Bool
    /// Numbers and names are masked.
    let description: String?
    /// To about a hundred metres.
    let location: Location?
    let unit: String?
    let openedAt: Timestamp
    let deadline: Timestamp?
    let closedAt: Timestamp?
    let isOverdue: Bool
    let reporters: Int
    let reworks: Int
    let reopens: Int

    /// What its reporter took back is nobody's.
    static let stages = CaseStage.allCases.filter { $0 != .cancelled }

    /// Nil for what is not public.
    init?(_ state: CaseState, _ pack: Pack?) {
        guard Self.stages.contains(state.stage) else { return nil }
        let names = ReferenceNames(pack)
        let named = names.category(state.category)
        let open = OpenCaseState(state)
        id = open.caseNumber
        community = open.communityId.rawValue
        communityName = names.community(open.communityId)
        category = open.category.rawValue
        categoryName = named?.name
        categoryEnglishName = named?.englishName
        kind = open.kind
        stage = open.stage
        isOpen = open.stage.isOpen
        description = open.description
        location = open.location
        unit = open.ownerUnitId.map { id in pack?.units.first { $0.id == id }?.name ?? id.rawValue }
        openedAt = open.openedAt
        deadline = open.deadline
        closedAt = open.closedAt
        isOverdue = open.isOverdue
        reporters = open.reporters
        reworks = open.reworks
        reopens = open.reopens
    }

    /// Where it is found for good.
    var path: String { "/open/cases/\(id.inAddress)" }

    /// Every field, by the name that all formats have for it.
    var fields: [(name: String, value: JSONValue)] {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        func moment(_ moment: Timestamp?) -> JSONValue { text(moment?.description) }
        return [
            ("id", .string(id)), ("url", .string(path)), ("community", .string(community)),
            ("communityName", .string(communityName)), ("category", .string(category)),
            ("categoryName", text(categoryName)), ("categoryEnglishName", text(categoryEnglishName)),
            ("kind", .string(kind.rawValue)), ("stage", .string(stage.rawValue)), ("isOpen", .bool(isOpen)),
            ("description", text(description)), ("unit", text(unit)), ("openedAt", moment(openedAt)),
            ("deadline", moment(deadline)), ("closedAt", moment(closedAt)), ("isOverdue", .bool(isOverdue)),
            ("reporters", .integer(Int64(reporters))), ("reworks", .integer(Int64(reworks))),
            ("reopens", .integer(Int64(reopens))),
        ]
    }

    /// The names of the fields, in order.
    static let names = [
        "id", "url", "community", "communityName", "category", "categoryName", "categoryEnglishName", "kind", "stage",
        "isOpen", "description", "unit", "openedAt", "deadline", "closedAt", "isOverdue", "reporters", "reworks",
        "reopens",
    ]

    /// As a feature of GeoJSON (RFC 7946); without a geometry where it has no place.
    var feature: JSONValue {
        [
            "type": "Feature", "id": .string(id),
            "geometry": location.map { place in
                [
                    "type": "Point",
                    "coordinates": [.number(place.longitude), .number(place.latitude)],
                ]
            } ?? .null,
            "properties": .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })),
        ]
    }

    /// As one object, with the place beside the other fields.
    var object: JSONValue {
        var members = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        members["latitude"] = location.map { .number($0.latitude) } ?? .null
        members["longitude"] = location.map { .number($0.longitude) } ?? .null
        return .object(members)
    }

    /// As cells of a CSV line.
    var cells: [String] {
        let places = [location?.latitude, location?.longitude].map { $0.map { "\($0)" } ?? "" }
        return fields.map { CSVLine.plain($0.value.cell) } + places
    }
}

extension JSONValue {
    /// As it stands in a table.
    fileprivate var cell: String {
        switch self {
        case .null: ""
        case .string(let text): text
        default: text()
        }
    }
}
