import Contracts

/// How much of everything a pack folder holds; nil where a file could not be read.
package struct PackContents: Codable, Sendable, Equatable {
    package let name: String?
    package let title: String?
    package let version: Int?
    package let communities: Int?
    package let compounds: Int?
    package let grids: Int?
    package let units: Int?
    package let people: Int?
    /// How many hold each role.
    package let roles: [String: Int]?
    package let duties: Int?
    package let snapshotCategories: Int?
    package let requestCategories: Int?
    package let emergencies: Int?
    package let questions: Int?
    package let landmarks: Int?
    package let routingRules: Int?
    package let pointRules: Int?
    package let funders: Int?
    package let teams: Int?
    package let tasks: Int?
    package let prizes: Int?
    package let stations: Int?
    package let careItems: Int?
    package let templates: Int?
    package let webhooks: Int?
    package let holidays: Int?
    package let makeUpDays: Int?

    init(_ draft: PackDraft) {
        func categories(_ kind: ReportKind) -> Int? {
            draft.categories.map { $0.count { $0.value.kind == kind } }
        }
        name = draft.settings?.name
        title = draft.settings?.title
        version = draft.settings?.version
        communities = draft.communities?.count
        compounds = draft.compounds?.count
        grids = draft.grids?.count
        units = draft.units?.count
        people = draft.people?.count
        roles = draft.people.map { people in
            people.flatMap(\.value.roles).reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        duties = draft.duties?.count
        snapshotCategories = categories(.snapshot)
        requestCategories = categories(.request)
        emergencies = draft.emergencies?.count
        questions = draft.questions?.count
        landmarks = draft.landmarks?.count
        routingRules = draft.routingRules?.count
        pointRules = draft.points?.rules.count
        funders = draft.points.map { $0.settings.funders?.count ?? 0 }
        teams = draft.teams?.count
        tasks = draft.points.map { $0.settings.tasks?.count ?? 0 }
        prizes = draft.prizes?.count
        stations = draft.stations?.count
        careItems = draft.care?.count
        templates = draft.notifications?.templates.count
        webhooks = draft.webhooks?.count
        holidays = draft.settings?.calendar.holidays.count
        makeUpDays = draft.settings?.calendar.makeUpDays.count
    }
}
