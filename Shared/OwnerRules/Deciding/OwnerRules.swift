package import Contracts
import WorkingTime

/// The owner rules of a pack, laid out so that a decision is a few look-ups.
///
/// Follows from the pack alone. Dictionaries are looked up, never walked.
package final class OwnerRules: Sendable {
    let words: TraceWords
    private let utcOffsetMinutes: Int
    private let calendar: WorkingCalendar?
    private let compounds: PackAreas<PackCompound>
    private let grids: PackAreas<PackGrid>
    private let roster: DutyRoster
    private let workers: [UnitID: [PackPerson]]
    /// Units of which somebody stands on a roster.
    private let unitsWithRoster: Set<UnitID>
    private let rulesByCategory: [CategoryCode: [PackRoutingRule]]
    private let rulesForAll: [PackRoutingRule]

    /// - Parameter rules: Others than those of the pack, to see what they would do.
    package init(_ pack: Pack, rules: [PackRoutingRule]? = nil) {
        let rules = rules ?? pack.routingRules
        words = TraceWords(pack)
        utcOffsetMinutes = pack.calendar.utcOffsetMinutes
        do {
            calendar = try WorkingCalendar(pack.calendar)
        } catch {
            // A pack is checked before it is put in force; should one slip through, no hour of it is a working hour.
            calendar = nil
        }
        compounds = PackAreas(pack.compounds ?? [])
        grids = PackAreas(pack.grids ?? [])
        let roster = DutyRoster(pack.duties ?? [])
        self.roster = roster
        var workers: [UnitID: [PackPerson]] = [:]
        for person in pack.people where person.roles.contains("worker") {
            if let unit = person.unitId { workers[unit, default: []].append(person) }
        }
        self.workers = workers.mapValues { $0.sorted { $0.id < $1.id } }
        unitsWithRoster = Set(workers.filter { $0.value.contains { roster.lists($0.id) } }.keys)
        rulesForAll = rules.filter(\.categories.isEmpty)
        var byCategory: [CategoryCode: [PackRoutingRule]] = [:]
        let named = Set(pack.categories.map(\.code) + rules.flatMap(\.categories))
        for rule in rules {
            for code in rule.categories.isEmpty ? named : Set(rule.categories) {
                byCategory[code, default: []].append(rule)
            }
        }
        rulesByCategory = byCategory
    }

    /// Whether the person works for the unit, wherever they serve.
    package func isWorker(_ person: PersonID, of unit: UnitID) -> Bool {
        (workers[unit] ?? []).contains { $0.id == person }
    }

    /// The first rule that fits and whose unit can take it.
    ///
    /// - Parameter openCases: How many open cases a worker has.
    package func decide(
        _ question: OwnerQuestion, openCases: (PersonID) throws -> Int
    ) rethrows -> OwnerDecision {
        var scene = scene(of: question)
        var trace = Trace(words: words, question: question)
        for rule in rulesByCategory[question.category] ?? rulesForAll where scene.misfit(rule) == nil {
            switch try candidate(rule, &scene, openCases) {
            case .passedOver(let why):
                trace.passOver(rule, why)
            case .owner(let unit):
                let worker = try choose(unit, in: question.communityId, scene.moment, openCases)
                return OwnerDecision(
                    ruleId: rule.id, unitId: unit, handlerId: worker.personId,
                    trace: trace.decided(
                        by: rule, unit, worker, in: scene.compoundAsked(by: rule), grid: scene.gridAsked(by: rule)))
            }
        }
        return OwnerDecision(ruleId: nil, unitId: nil, handlerId: nil, trace: trace.undecided)
    }

    /// The least busy of the unit's workers for the community who are on duty, else of all of them; ties go to the lower id.
    package func worker(
        of unit: UnitID, in community: CommunityID, at now: Timestamp, openCases: (PersonID) throws -> Int
    ) rethrows -> WorkerChoice {
        try choose(unit, in: community, moment(now), openCases)
    }

    /// The grid 网格 that a place of the community lies in; nil outside grids.
    package func grid(at location: Location, in communityId: CommunityID) -> PackGrid? {
        grids.area(at: location, in: communityId)
    }

    private func moment(_ now: Timestamp) -> LocalMoment {
        LocalMoment(now, offset: utcOffsetMinutes, calendar: calendar)
    }

    func scene(of question: OwnerQuestion) -> Scene {
        Scene(question, moment: moment(question.now), compounds: compounds, grids: grids)
    }

    func rules(for category: CategoryCode) -> [PackRoutingRule] { rulesByCategory[category] ?? rulesForAll }
}

extension OwnerRules {
    enum Candidate {
        case owner(UnitID)
        case passedOver(PassedOver)
    }

    /// The owner that a fitting rule names, or why it does not come to decide.
    func candidate(
        _ rule: PackRoutingRule, _ scene: inout Scene, _ openCases: (PersonID) throws -> Int
    ) rethrows -> Candidate {
        guard let unit = rule.unitId ?? scene.compound?.propertyUnitId else { return .passedOver(.noPropertyCompany) }
        guard let conditions = rule.conditions else { return .owner(unit) }
        if let load = conditions.load {
            let watched = load.unitId ?? unit
            let open = try (workers[watched] ?? []).reduce(0) { try $0 + openCases($1.id) }
            guard open < load.fewerThan else { return .passedOver(.busy(watched, openCases: open)) }
        }
        if conditions.onDuty == true, unitsWithRoster.contains(unit),
            onDuty(serving(unit, in: scene.question.communityId), scene.moment).isEmpty
        {
            return .passedOver(.nobodyOnDuty(unit))
        }
        return .owner(unit)
    }

    private func choose(
        _ unit: UnitID, in community: CommunityID, _ moment: LocalMoment, _ openCases: (PersonID) throws -> Int
    ) rethrows -> WorkerChoice {
        let all = serving(unit, in: community)
        let hasRoster = unitsWithRoster.contains(unit)
        let present = hasRoster ? onDuty(all, moment) : all
        let candidates = present.isEmpty ? all : present
        var best: (id: PersonID, load: Int)?
        for worker in candidates {
            let load = try openCases(worker)
            if best.map({ load < $0.load }) ?? true { best = (worker, load) }
        }
        return WorkerChoice(
            personId: best?.id, candidates: candidates.count, openCases: best?.load ?? 0,
            duty: !hasRoster ? .noRoster : present.isEmpty ? .nobody : .onDuty)
    }

    /// The workers of a unit who serve a community, by id.
    private func serving(_ unit: UnitID, in community: CommunityID) -> [PersonID] {
        (workers[unit] ?? []).filter { $0.communityIds.isEmpty || $0.communityIds.contains(community) }.map(\.id)
    }

    private func onDuty(_ workers: [PersonID], _ moment: LocalMoment) -> [PersonID] {
        workers.filter { roster.isOnDuty($0, at: moment) }
    }
}
