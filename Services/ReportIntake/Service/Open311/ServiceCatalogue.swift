import Contracts
import ReportIntakeDomain

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
        let questionnaire = Questionnaire(of: pack)
        self.init(
            jurisdiction: pack.name,
            services: pack.categories.map { Open311Service($0, asking: questionnaire.questions(about: $0.code)) },
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
    /// What is asked besides, and what is shown with it.
    let attributes: [ServiceAttribute]

    init(_ category: PackCategory, asking questions: [PackQuestion] = []) {
        code = category.code
        name = category.name
        description = category.englishName
        kind = category.kind
        keywords = category.keywords
        attributes = questions.enumerated().map { ServiceAttribute($1, order: $0 + 1) }
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
}

/// A question that a service asks, or a text that it shows.
struct ServiceAttribute: Equatable, Sendable {
    let question: PackQuestion
    /// From 1, no two of a service alike.
    let order: Int

    init(_ question: PackQuestion, order: Int) {
        self.question = question
        self.order = order
    }

    /// The standard has room for one language, so both stand there.
    var tree: ResponseTree {
        .members([
            // False for a text that only informs.
            "variable": .flag(!question.informs),
            "code": .text(question.code),
            "datatype": .text(question.type.rawValue),
            "required": .flag(question.isRequired),
            "datatype_description": .optional(hint),
            "order": .integer(order),
            "description": .text("\(question.text) \(question.englishText)"),
            "values": .list(
                of: "value",
                question.choices.map { choice in
                    .members(["key": .text(choice.key), "name": .text("\(choice.name) \(choice.englishName)")])
                }),
        ])
    }

    private var hint: String? {
        let parts = [question.hint, question.englishHint].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
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
