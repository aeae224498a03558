import Contracts
import ServiceKit

/// Riders who report, and staff who work on what comes of it.
struct Simulation: Sendable {
    let city: CityClient
    let neighbourhood: Neighbourhood
    let seed: UInt64
    let riders: Int
    let actsAsStaff: Bool
    /// How many reports may be under way at once; when the system is slower than their pace, the pace gives way.
    var mostUnderWay = 64
    /// Of how many cases in a hundred staff take the trouble.
    var staffShare = 100
    private let log = SimulationLog()

    /// When reports are sent.
    enum Pace: Sendable {
        /// So many a second.
        case steady(Double)
        /// A whole day with its busy and its quiet hours, squeezed into so much time.
        case day(Duration)

        /// When each of so many is sent, from the start.
        func times(_ count: Int, seed: UInt64) -> [Duration] {
            switch self {
            case .steady(let rate): return (0..<count).map { .seconds(Double($0) / rate) }
            case .day(let length):
                var numbers = SeededNumbers(seed: seed)
                return DayShape.city.arrivals(count, using: &numbers).map { length * $0 }
            }
        }
    }

    struct Result: Codable, Sendable {
        var reports = 0
        var cases = 0
        var joined = 0
        /// Cases that staff brought to their end.
        var played = 0
        /// Steps that the owner of a case refused.
        var refusedSteps = 0
        var failures: [String] = []

        var text: String {
            "\(reports) reports, \(cases) cases (\(joined) reports joined one), \(played) brought to an end by staff"
        }
    }

    /// A report before it is sent.
    struct Draft: Sendable {
        let number: Int
        let rider: CityClient.Person
        let report: CityClient.Report
        let plot: CasePlot
    }

    func run(reports count: Int, pace: Pace) async throws -> Result {
        await log.clear()
        let times = pace.times(count, seed: seed)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, draft) in drafts(count).enumerated() {
                if index >= mostUnderWay { try await group.next() }
                try await Task.sleep(until: start + times[index], clock: .continuous)
                group.addTask { try await play(draft) }
            }
            try await group.waitForAll()
        }
        return await log.result
    }

    /// What has come about up to now.
    func soFar() async -> Result { await log.result }

    /// The same for the same seed and count.
    func drafts(_ count: Int) -> [Draft] {
        var numbers = SeededNumbers(seed: seed)
        var drafts: [Draft] = []
        for number in 0..<count {
            let rider = CityClient.Person(id: "rider-\(Int.random(in: 1...riders, using: &numbers))", role: .rider)
            let plot = Self.plot(using: &numbers)
            // One in ten saw what another saw just before.
            let isRepeat = Int.random(in: 0..<10, using: &numbers) == 0
            if isRepeat, let seen = drafts.suffix(20).randomElement(using: &numbers) {
                let report = CityClient.Report(
                    description: seen.report.description, kind: seen.report.kind, category: seen.report.category,
                    location: neighbourhood.place(near: seen.report.location, using: &numbers))
                drafts.append(Draft(number: number, rider: rider, report: report, plot: plot))
            } else if let report = report(using: &numbers) {
                drafts.append(Draft(number: number, rider: rider, report: report, plot: plot))
            }
        }
        return drafts
    }

    private func report(using numbers: inout SeededNumbers) -> CityClient.Report? {
        guard let community = neighbourhood.pack.communities.randomElement(using: &numbers),
            let category = neighbourhood.pack.categories.randomElement(using: &numbers),
            let place = neighbourhood.place(in: community.id, using: &numbers)
        else { return nil }
        return CityClient.Report(
            description: neighbourhood.words(for: category, using: &numbers), kind: category.kind,
            category: category.code, location: place)
    }

    private static func plot(using numbers: inout SeededNumbers) -> CasePlot {
        switch Int.random(in: 0..<100, using: &numbers) {
        case 0..<6: .refused
        case 6..<14: .returned
        case 14..<22: .reworked
        default: .smooth
        }
    }

    private func play(_ draft: Draft) async throws {
        do {
            let start = ContinuousClock.now
            let receipt = try await city.submit(draft.report, by: draft.rider, key: "simulate-\(seed)-\(draft.number)")
            let registration = try await city.registration(of: receipt, by: draft.rider)
            await city.times.note(.case, ContinuousClock.now - start)
            // Whoever opened the case has it played; the others only joined.
            guard await log.opens(registration.caseId), actsAsStaff, draft.number % 100 < staffShare else { return }
            let staff = StaffPlay(
                city: city, neighbourhood: neighbourhood, refused: { await log.countRefusal() })
            if try await staff.play(draft.plot, on: registration.caseId) { await log.countPlayed() }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            await log.add("report \(draft.number): \(error)")
        }
    }
}

/// What a simulation has brought about so far.
private actor SimulationLog {
    private(set) var result = Simulation.Result()
    private var cases: Set<String> = []

    /// Whether nobody came upon the case before.
    func opens(_ caseId: String) -> Bool {
        result.reports += 1
        guard cases.insert(caseId).inserted else {
            result.joined += 1
            return false
        }
        result.cases += 1
        return true
    }

    func clear() {
        result = Simulation.Result()
        cases = []
    }

    func countPlayed() { result.played += 1 }
    func countRefusal() { result.refusedSteps += 1 }
    func add(_ failure: String) { result.failures.append(failure) }
}
