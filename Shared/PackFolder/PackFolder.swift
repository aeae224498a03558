package import Contracts
package import Foundation
import OwnerRules
package import WorkingTime

/// Reads a pack folder, the form in which people write a city's reference data, into the pack that travels through the log.
///
/// What stands in the folder is told in docs/packs.md.
package enum PackFolder {
    /// What came of reading a folder.
    package struct Reading: Sendable {
        /// Nil where there is an error among the problems.
        package let pack: Pack?
        /// In the order of the files; errors and warnings.
        package let problems: [PackProblem]
        package let contents: PackContents
        /// When offices work, with the names of the days off; nil where the settings have an error.
        package let calendar: WorkingCalendar?
        package let holidays: HolidayTables
    }

    /// The pack of a folder that has no errors; warnings are not told.
    ///
    /// - Throws: `PackProblems` with every problem of the folder, where one of them is an error.
    package static func load(_ folder: URL) throws(PackProblems) -> Pack {
        let reading = read(folder)
        guard let pack = reading.pack else { throw PackProblems(reading.problems) }
        return pack
    }

    /// Reads a folder to the end, whatever is wrong with it, so that its author sees everything at once.
    ///
    /// - Parameter today: The day on which somebody looks, to be warned of years without holidays that deadlines will
    ///   soon reach; nil where the same folder must always give the same problems.
    package static func read(_ folder: URL, today: CivilDay? = nil) -> Reading {
        var problems = ProblemLog()
        let draft = PackDraft(folder, &problems)
        draft.check(today: today, &problems)
        return Reading(
            pack: problems.hasErrors ? nil : draft.pack, problems: problems.inFileOrder,
            contents: PackContents(draft), calendar: draft.settings?.workingCalendar,
            holidays: draft.settings?.holidays ?? HolidayTables())
    }
}

/// The parts of a folder; nil where a file could not be read at all.
struct PackDraft {
    let settings: PackSettings?
    let communities: [Entry<CommunityDraft>]?
    let units: [Entry<PackUnit>]?
    let people: [Entry<PackPerson>]?
    let categories: [Entry<PackCategory>]?
    let routingRules: [Entry<PackRoutingRule>]?
    let points: PointsDraft?
    let teams: [Entry<PackTeam>]?
    let notifications: NotificationsDraft?
    let webhooks: [Entry<PackWebhook>]?
    /// Empty where the folder does without.
    let emergencies: [Entry<PackEmergency>]?
    let questions: [Entry<PackQuestion>]?
    let landmarks: [Entry<PackLandmark>]?
    let compounds: [Entry<CompoundDraft>]?
    let grids: [Entry<GridDraft>]?
    let duties: [Entry<PackDuty>]?
    let loop: LoopDraft?
    let prizes: [Entry<PackPrize>]?
    let stations: [Entry<PackStation>]?
    let care: [Entry<PackCareItem>]?

    init(_ folder: URL, _ problems: inout ProblemLog) {
        settings = readSettings(folder, &problems)
        communities = readCommunities(folder, settings, &problems)
        units = readUnits(folder, &problems)
        categories = readCategories(folder, &problems)
        let known = KnownNames(
            units: units.map { Set($0.map(\.value.id)) },
            communities: communities.map { Set($0.map(\.value.id)) },
            categories: categories.map { $0.map(\.value.code) })
        people = readPeople(folder, known, &problems)
        compounds = readCompounds(folder, known, &problems)
        grids = readGrids(folder, known, people, &problems)
        duties = readDuties(folder, people, &problems)
        let names = RuleNames(
            categories: categories?.map(\.value), communities: communities?.map { ($0.value.id, $0.value.name) },
            compounds: compounds?.map { ($0.value.id, $0.value.name) }, units: units?.map(\.value),
            grids: grids?.map { ($0.value.id, $0.value.name) })
        routingRules = readRoutingRules(folder, names, &problems)
        points = readPoints(folder, known, settings, &problems)
        teams = readTeams(folder, settings, &problems)
        notifications = readNotifications(folder, &problems)
        webhooks = readWebhooks(folder, known, &problems)
        emergencies = readEmergencies(folder, &problems)
        questions = readQuestions(folder, known, &problems)
        landmarks = readLandmarks(folder, &problems)
        loop = readLoop(folder, known, &problems)
        prizes = readPrizes(folder, &problems)
        stations = readStations(folder, known, people, &problems)
        care = readCare(folder, stations, &problems)
    }

    /// The checks that need several files.
    func check(today: CivilDay?, _ problems: inout ProblemLog) {
        if let settings {
            checkHolidayYears(settings, categories?.map(\.value) ?? [], today: today, &problems)
        }
        if let communities {
            checkOverlaps(communities, &problems)
            if let landmarks { checkPlaces(of: landmarks, communities, &problems) }
            if let compounds { checkPlaces(of: compounds, communities, &problems) }
            if let grids { checkPlaces(of: grids, communities, &problems) }
        }
        if let compounds { checkOverlaps(of: compounds, &problems) }
        if let grids { checkOverlaps(of: grids, &problems) }
        if let landmarks { checkNames(of: landmarks, &problems) }
        if let categories {
            checkKeywords(categories, &problems)
            if let points { checkPointRules(points.rules, categories, cap: points.settings.caps?.personDay, &problems) }
        }
        if let points, let communities, let settings {
            let ledgers = Set(communities.map(\.value.ledgerId)).intersection(settings.ledgers)
            checkFunding(points, of: ledgers, &problems)
        }
        if let categories, let communities, let compounds, let grids, let routingRules {
            let ownership = Ownership(
                routingRules, categories.map(\.value), communities.map(\.value.id), compounds.map(\.value),
                grids.map(\.value), &problems)
            if let people, let units {
                checkStaff(people.map(\.value), units, communities.map(\.value.id), ownership, &problems)
            }
        }
        if let notifications {
            checkTemplates(notifications.templates, hasStations: stations?.isEmpty == false, &problems)
        }
    }

    var pack: Pack? {
        guard
            let settings, let communities, let units, let people, let categories, let routingRules, let points,
            let notifications, let webhooks, let emergencies, let questions, let landmarks, let compounds, let grids,
            let duties, let loop, let teams, let prizes, let stations, let care
        else { return nil }
        return Pack(
            name: settings.name, title: settings.title, version: settings.version, calendar: settings.calendar,
            communities: communities.map(\.value.compiled), units: units.map(\.value), people: people.map(\.value),
            categories: categories.map(\.value), routingRules: routingRules.map(\.value),
            pointRules: points.rules.map(\.value),
            templates: notifications.templates.map(\.value), webhooks: webhooks.map(\.value),
            mergeDistance: settings.mergeDistance,
            emergencies: emergencies.isEmpty ? nil : emergencies.map(\.value),
            questions: questions.isEmpty ? nil : questions.map(\.value),
            landmarks: landmarks.isEmpty ? nil : landmarks.map(\.value), loop: loop.loop,
            compounds: compounds.isEmpty ? nil : compounds.map(\.value.compiled),
            duties: duties.isEmpty ? nil : duties.map(\.value), matching: settings.matching, rates: settings.rates,
            points: points.compiled(
                with: teams.map(\.value), prizes: prizes.map(\.value), stations: stations.map(\.value)),
            grids: grids.isEmpty ? nil : grids.map(\.value.compiled), notifications: notifications.settings,
            care: care.isEmpty ? nil : care.map(\.value))
    }
}

extension ProblemLog {
    /// By file in the order of `PackFile`, as noted within a file.
    fileprivate var inFileOrder: [PackProblem] {
        PackFile.allCases.flatMap { file in problems.filter { $0.file == file.rawValue } }
    }
}
