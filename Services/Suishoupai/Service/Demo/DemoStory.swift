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
        for (index, scene) in scenes.enumerated() { try await play(scene, key: "demo-\(index + 1)") }
        try await settle()
        console.plain()
    }

    private func play(_ scene: DemoScene, key: String) async throws {
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
//   noHandler    the pack names nobody who could do the work

/// Why the story could not be told to its end.
enum DemoFault: Error, CustomStringConvertible {
    case refused(String, CaseAction, String)
    case noHandler(String)

    var description: String {
        switch self {
        case .refused(let caseId, let action, let words): "'\(action.rawValue)' on case \(caseId) was refused: \(words)"
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
