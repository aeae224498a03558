import Contracts
import Hummingbird

/// The wall board as JSON: what is going on, without people, words or exact places.
struct BoardView: ResponseEncodable, Sendable {
    struct Counters: Codable, Equatable, Sendable {
        let open: Int
        let overdue: Int
        let openedToday: Int
        let closedToday: Int
        let pointsPaid: Int
    }

    struct Card: Codable, Equatable, Sendable {
        let caseNumber: String
        let communityId: CommunityID
        let community: String
        let category: CategoryCode
        let categoryName: String
        let categoryEnglishName: String?
        let isOverdue: Bool
        let reporters: Int
        /// Since when it stands in this stage, or was last heard of.
        let since: Timestamp
    }

    struct Column: Codable, Equatable, Sendable {
        let stage: CaseStage
        /// How many stand here; of `closed`, how many closed today.
        let count: Int
        /// Those that moved last.
        let cases: [Card]
    }

    struct Community: Codable, Equatable, Sendable {
        let communityId: CommunityID
        let name: String
        let open: Int
    }

    struct Dot: Codable, Equatable, Sendable {
        /// To three decimals.
        let location: Location
        let stage: CaseStage
        let isOverdue: Bool
    }

    let title: String?
    let counters: Counters
    let columns: [Column]
    let communities: [Community]
    let steps: [PublicStep]
    let map: [Dot]

    init(_ figures: BoardFigures) {
        let names = ReferenceNames(figures.pack)
        title = figures.pack?.title
        counters = Counters(
            open: figures.openByStage.values.reduce(0, +), overdue: figures.overdue, openedToday: figures.openedToday,
            closedToday: figures.closedToday, pointsPaid: figures.pointsPaid)
        columns = BoardStages.shown.map { stage in
            Column(
                stage: stage,
                count: stage == .closed ? figures.closedToday : figures.openByStage[stage] ?? 0,
                cases: (figures.cards[stage] ?? []).map { Card($0, names) })
        }
        let inPack = (figures.pack?.communities ?? []).map(\.id)
        let others = figures.openByCommunity.keys.filter { !inPack.contains($0) }.sorted()
        communities = (inPack + others).map {
            Community(communityId: $0, name: names.community($0), open: figures.openByCommunity[$0] ?? 0)
        }
        steps = figures.steps.map { PublicStep($0.event) }
        map = figures.dots.map { Dot(location: $0.location, stage: $0.stage, isOverdue: $0.isOverdue) }
    }
}

extension BoardView.Card {
    fileprivate init(_ card: BoardFigures.Card, _ names: ReferenceNames) {
        let category = names.category(card.state.category)
        self.init(
            caseNumber: card.state.caseNumber, communityId: card.state.communityId,
            community: names.community(card.state.communityId), category: card.state.category,
            categoryName: category?.name ?? card.state.category.rawValue, categoryEnglishName: category?.englishName,
            isOverdue: card.state.isOverdue, reporters: card.state.reporterIds.count, since: card.updated)
    }
}

/// What things are called, by the pack or by what is public of it.
struct ReferenceNames: Sendable {
    struct Category: Sendable {
        let name: String
        let englishName: String

        /// The name without what stands in brackets behind it.
        var shortName: String { String(name.prefix { $0 != "（" && $0 != "(" }) }
    }

    private let communities: [CommunityID: String]
    private let categories: [CategoryCode: Category]

    init(_ pack: Pack?) {
        communities = (pack?.communities ?? []).reduce(into: [:]) { $0[$1.id] = $1.name }
        categories = (pack?.categories ?? []).reduce(into: [:]) { $0[$1.code] = Category($1) }
    }

    init(_ published: OpenReferenceState?) {
        communities = (published?.communities ?? []).reduce(into: [:]) { $0[$1.communityId] = $1.name }
        categories = (published?.categories ?? []).reduce(into: [:]) {
            $0[$1.category] = Category(name: $1.name, englishName: $1.englishName)
        }
    }

    func community(_ id: CommunityID) -> String {
        communities[id] ?? (id == .unassigned ? "待分配" : id.rawValue)
    }

    func category(_ code: CategoryCode) -> Category? { categories[code] }
}

extension ReferenceNames.Category {
    init(_ category: PackCategory) { self.init(name: category.name, englishName: category.englishName) }
}
