import Contracts

/// What may be reported, and by whose names: one service for each category of the pack in force.
struct ServiceCatalogue: Equatable, Sendable {
    /// Before any pack is in force.
    static let none = ServiceCatalogue(jurisdiction: nil, services: [], unitNames: [:])

    /// The pack's name: this endpoint serves one jurisdiction.
    let jurisdiction: String?
    /// In the pack's order.
    let services: [Open311Service]
    private let unitNames: [UnitID: String]

    init(of pack: Pack) {
        self.init(
            jurisdiction: pack.name, services: pack.categories.map(Open311Service.init),
            unitNames: Dictionary(pack.units.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }))
    }

    private init(jurisdiction: String?, services: [Open311Service], unitNames: [UnitID: String]) {
        self.jurisdiction = jurisdiction
        self.services = services
        self.unitNames = unitNames
    }

    func service(_ code: CategoryCode) -> Open311Service? {
        services.first { $0.code == code }
    }

    func name(of unit: UnitID?) -> String? {
        unit.flatMap { unitNames[$0] }
    }

    /// - Throws: `Open311Fault` 404 where another jurisdiction than this one's is asked for.
    func check(_ arguments: Open311Arguments) throws(Open311Fault) {
        guard let wanted = arguments["jurisdiction_id"], wanted != jurisdiction else { return }
        throw .notFound(
            jurisdiction.map { "This endpoint serves only the jurisdiction_id \($0); it may be left out." }
                ?? "No jurisdiction is served yet: no pack is in force. Leave jurisdiction_id out.")
    }

    var tree: ResponseTree { .list(of: "service", services.map(\.tree)) }
}

/// A category, as Open311 calls it.
struct Open311Service: Equatable, Sendable {
    let code: CategoryCode
    let name: String
    let description: String
    let kind: ReportKind
    let keywords: [String]
    /// What is asked besides; packs hold no questions yet.
    let attributes: [ServiceAttribute]

    init(_ category: PackCategory) {
        self.init(
            code: category.code, name: category.name, description: category.englishName, kind: category.kind,
            keywords: category.keywords, attributes: [])
    }

    init(
        code: CategoryCode, name: String, description: String, kind: ReportKind, keywords: [String],
        attributes: [ServiceAttribute]
    ) {
        self.code = code
        self.name = name
        self.description = description
        self.kind = kind
        self.keywords = keywords
        self.attributes = attributes
    }

    var tree: ResponseTree {
        .members([
            "service_code": .text(code.rawValue),
            "service_name": .text(name),
            "description": .text(description),
            "metadata": .flag(!attributes.isEmpty),
            // An id exists only once routing has filed the case: until then there is a token.
            "type": .text("batch"),
            "keywords": .text(keywords.joined(separator: ",")),
            "group": .text(kind.group),
        ])
    }

    var definition: Open311Answer {
        Open311Answer(
            root: "service_definition",
            tree: .members([
                "service_code": .text(code.rawValue),
                "attributes": .list(of: "attribute", attributes.map(\.tree)),
            ]))
    }

    /// Says what is wrong with the answers to this service's questions.
    func faults(in answers: [String: [String]]) -> [String] {
        let asked = attributes.filter(\.isQuestion)
        let codes = Set(asked.map(\.code))
        let unasked =
            answers.keys.filter { !codes.contains($0) }.isEmpty
            ? [] : ["Leave out the attributes that the definition of this service does not name."]
        let missing = asked.filter { $0.isRequired && answers[$0.code] == nil }
        return unasked + missing.map { "attribute[\($0.code)] is missing: \($0.description)" }
    }
}

/// A question that a service asks, or a text that it shows.
struct ServiceAttribute: Equatable, Sendable {
    enum DataType: String, Sendable {
        case string, number, datetime, text, singlevaluelist, multivaluelist
    }

    struct Choice: Equatable, Sendable {
        let key: String
        let name: String
    }

    let code: String
    let dataType: DataType
    /// False for a text that only informs.
    let isQuestion: Bool
    let isRequired: Bool
    let order: Int
    let description: String
    let choices: [Choice]

    var tree: ResponseTree {
        .members([
            "variable": .flag(isQuestion),
            "code": .text(code),
            "datatype": .text(dataType.rawValue),
            "required": .flag(isRequired),
            "datatype_description": .null,
            "order": .integer(order),
            "description": .text(description),
            "values": .list(
                of: "value", choices.map { .members(["key": .text($0.key), "name": .text($0.name)]) }),
        ])
    }
}

extension ReportKind {
    /// What services of this kind are listed under.
    var group: String {
        switch self {
        case .snapshot: "随手拍"
        case .request: "直通车"
        }
    }
}
