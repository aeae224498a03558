import Contracts
import Sheets

/// Cases as rows of a table that staff takes away.
///
/// It has what a list of cases shows, and no reporter: who reported is looked up case by case, with a reason.
struct CaseTable: Sendable {
    let columns: [Column]
    private let names: ReferenceNames
    private let units: [UnitID: String]
    private let words: Words
    private let language: Language

    init(_ pack: Pack?, _ words: Words, _ language: Language) {
        names = ReferenceNames(pack)
        units = (pack?.units ?? []).reduce(into: [:]) { $0[$1.id] = $1.name }
        self.words = words
        self.language = language
        columns = Self.widths.map { Column(words.text("export.\($0.0)", language), width: $0.1) }
    }

    private static let widths: KeyValuePairs = [
        "number": 18, "community": 12, "category": 8, "category-name": 16, "kind": 8, "stage": 10, "words": 40,
        "address": 24, "latitude": 11, "longitude": 11, "grid": 12, "unit": 18, "handler": 14, "opened": 16,
        "deadline": 16, "overdue": 8, "closed": 16, "reporters": 8, "reworks": 8, "reopened": 8, "flag": 20,
    ]

    /// What the viewer may see of a case.
    func row(_ view: CaseView) -> [Cell] {
        let category = names.category(view.category)
        let name = language == .english ? category?.englishName : category?.name
        return [
            .text(view.caseNumber), .text(names.community(view.communityId)), .text(view.category.rawValue),
            .text(name ?? ""), .text(words.text("export.\(view.kind.rawValue)", language)),
            .text(words.text("stage.\(view.stage.rawValue)", language)), .text(view.description ?? ""),
            .text(view.address ?? ""), .number(view.location.latitude), .number(view.location.longitude),
            .text(view.gridId?.rawValue ?? ""),
            .text(view.ownerUnitId.map { units[$0] ?? $0.rawValue } ?? ""), .text(view.handlerId?.rawValue ?? ""),
            .moment(view.openedAt.milliseconds), moment(view.deadline),
            .text(words.text(view.isOverdue ? "app.yes" : "app.no", language)), moment(view.closedAt),
            .number(Double(view.reporters)), .number(Double(view.reworks)), .number(Double(view.reopens)),
            .text(view.flagged ?? ""),
        ]
    }

    private func moment(_ moment: Timestamp?) -> Cell { moment.map { .moment($0.milliseconds) } ?? .empty }
}
