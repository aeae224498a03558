import Contracts
import Foundation
import ServiceKit

/// A morning of riders and staff, told on the running system.
///
/// Every report and every step has a key that follows from its place in the story: told once more after an interruption,
/// it is the same story, and what was done is not done again.
struct DemoStory: Sendable {
    let city: CityClient
    let pack: Pack
    let console: Console
    var scenes = DemoScene.morning

    func play() async throws {
        console.plain("The morning begins: \(scenes.count) sightings in \(pack.communities.count) communities")
        var cases: [String] = []
        for (index, scene) in scenes.enumerated() {
            cases.append(try await play(scene, key: "demo-\(index + 1)"))
        }
        try await settle()
        if let first = cases.first { try await spend(after: first) }
        console.plain()
    }

    /// Returns the case that it opened.
    private func play(_ scene: DemoScene, key: String) async throws -> String {
        guard !pack.communities.isEmpty else { throw NeighbourhoodFault.empty }
        let community = pack.communities[scene.community % pack.communities.count]
        let opened = try await report(scene, by: scene.rider, scene.words, in: community, northward: 0, key: key)
        console.note("\(community.name) · \(scene.rider): \(scene.words) → \(opened.caseNumber)")
        if let other = scene.also {
            let joined = try await report(
                scene, by: other, "\(scene.words)（同一处）", in: community, northward: 500, key: "\(key)-also")
            console.plain("    \(other) saw it too; it joins \(joined.caseNumber)")
        }
        try await run(scene.course, on: opened.caseId, in: community, key: key)
        return opened.caseId
    }

    private func report(
        _ scene: DemoScene, by rider: String, _ words: String, in community: PackCommunity, northward: Int, key: String
    ) async throws -> CityClient.Registration {
        let place = community.middle(moved: (scene.offset.latitude + northward, scene.offset.longitude))
        let person = CityClient.Person(id: rider, role: .rider)
        let report = CityClient.Report(
            description: words, kind: scene.kind, category: scene.category, location: place)
        return try await city.registration(of: try await city.submit(report, by: person, key: key), by: person)
    }

    private func run(
        _ course: [DemoScene.Act], on caseId: String, in community: PackCommunity, key: String
    ) async throws {
        let desk = try staff(.dispatcher, in: community)
        var handler = desk
        var dispatches = 0
        for (index, act) in course.enumerated() {
            let person = act.by == .worker ? handler : try staff(act.by, in: community)
            let outcome = try await city.act(act.action, on: caseId, by: person, key: "\(key)-step-\(index + 1)")
            if case .refused(let words) = outcome { throw DemoFault.refused(caseId, act.action.action, words) }
            // A failed check dispatches the case to its owner once more.
            if act.action.action == .dispatch || act.action.agrees == false {
                dispatches += 1
                handler = try await worker(of: caseId, dispatch: dispatches, desk: desk)
            }
            let who = act.action.action == .dispatch ? handler : person
            if let told = act.told { console.plain("    " + told.replacing("{who}", with: who.id)) }
        }
    }

    /// Whom a dispatch went to: asked of the case's past, since now it may be with another.
    private func worker(of caseId: String, dispatch: Int, desk: CityClient.Person) async throws -> CityClient.Person {
        guard let id = try await city.dispatch(dispatch, of: caseId, by: desk).handlerId else {
            throw DemoFault.noHandler(caseId)
        }
        return CityClient.Person(id: id, role: .worker)
    }

    /// Waits until the closed cases' points can be spent, and shows them.
    private func settle() async throws {
        _ = try await city.wait("rider-yu can spend points") {
            try await city.points(of: .init(id: "rider-yu", role: .rider)).balance > 0 ? true : nil
        }
        for rider in ["rider-yu", "rider-chen", "rider-wang", "rider-zhao", "rider-liu"] {
            let points = try await city.points(of: .init(id: rider, role: .rider))
            console.note("\(rider): \(points.balance) points to spend, \(points.pending) promised")
        }
    }

    /// An evening's patrol and a prize: hours are entered, points buy something, the station hands it over.
    ///
    /// - Parameter morning: The first case: the patrol was the evening before, also when the story is told once more.
    private func spend(after morning: String) async throws {
        guard let station = pack.points?.stations?.first, let task = pack.points?.tasks?.first,
            let community = pack.communities.first(where: { $0.id == station.communityId })
        else { return }
        let rider = CityClient.Person(id: "rider-yu", role: .rider)
        let desk = try staff(.dispatcher, in: community)
        let counter =
            try station.staffIds.first.map { CityClient.Person(id: $0.rawValue, role: .station) }
            ?? staff(.station, in: community)
        let evening = try await city.caseView(morning, by: desk).openedAt.adding(milliseconds: -12 * 3_600_000)
        try tell(
            await city.enterHours(
                of: rider.id, task: task.id, minutes: 120, servedAt: evening, in: community.ledgerId, by: desk,
                key: "demo-hours"), "\(rider.id) served 2 hours of \(task.name): entered in the book of hours 时长")
        let cheapest = try await city.prizes(at: station.id, by: rider).filter { $0.price != nil }
            .min { ($0.price ?? 0, $0.prizeId) < ($1.price ?? 0, $1.prizeId) }
        guard let prize = cheapest else { return }
        try tell(
            await city.deliver(
                [PrizeCount(prizeId: prize.prizeId, count: 20)], to: station.id, by: counter, key: "demo-delivery"),
            "\(station.name) got 20 × \(prize.name) 入库")
        _ = try await city.wait("\(rider.id) has the points for \(prize.name)") {
            try await city.points(of: rider).balance >= prize.price ?? 0 ? true : nil
        }
        let line = PrizeCount(prizeId: prize.prizeId, count: 1)
        switch try await city.order([line], at: station.id, by: rider, key: "demo-order") {
        case .refused(let words): throw DemoFault.notSpent(words)
        case .placed(let order):
            // Told once more after an interruption it may have been handed over before: then it has no code.
            guard let code = order.code else { return }
            console.note("\(rider.id) orders \(prize.name) for \(order.points) points; pick-up code 取货码 \(code)")
            try tell(
                await city.handOver(code: code, at: station.id, by: counter, key: "demo-hand-over"),
                "\(counter.id) hands it over 发放")
        }
    }

    private func tell(_ outcome: CityClient.Outcome, _ words: String) throws {
        if case .refused(let reason) = outcome { throw DemoFault.notSpent(reason) }
        console.plain("    " + words)
    }

    private func staff(_ role: Role, in community: PackCommunity) throws -> CityClient.Person {
        let person = pack.people.first {
            $0.roles.contains(role.rawValue) && ($0.communityIds.isEmpty || $0.communityIds.contains(community.id))
        }
        guard let person else { throw NeighbourhoodFault.noStaff(role) }
        return CityClient.Person(id: person.id.rawValue, role: role)
    }
}

// DemoFault
//   refused      the owner of a case did not follow a step of the story
//   notSpent     points, hours or the station did not follow
//   noHandler    the pack names nobody who could do the work

/// Why the story could not be told to its end.
enum DemoFault: Error, CustomStringConvertible {
    case refused(String, CaseAction, String)
    case noHandler(String)
    case notSpent(String)

    var description: String {
        switch self {
        case .refused(let caseId, let action, let words): "'\(action.rawValue)' on case \(caseId) was refused: \(words)"
        case .notSpent(let words): "the prize was not handed over: \(words)"
        case .noHandler(let caseId): "case \(caseId) has no handler: the pack names no worker for it"
        }
    }
}

extension PackCommunity {
    /// The mean of its outline's corners, moved by so many 1e-7 degrees.
    func middle(moved offset: (latitude: Int, longitude: Int)) -> Location {
        let ring = outline.first?.first ?? []
        var corner = (latitude: 0, longitude: 0)
        var sum = (latitude: 0, longitude: 0)
        for index in stride(from: 0, to: ring.count - 1, by: 2) {
            corner = (corner.latitude + ring[index], corner.longitude + ring[index + 1])
            sum = (sum.latitude + corner.latitude, sum.longitude + corner.longitude)
        }
        let corners = max(1, ring.count / 2)
        return Location(
            latitudeE7: sum.latitude / corners + offset.latitude,
            longitudeE7: sum.longitude / corners + offset.longitude)
    }
}
