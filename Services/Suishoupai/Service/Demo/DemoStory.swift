import Contracts
import Foundation
import ServiceKit

/// A morning of riders and staff, played once per data folder on the running system.
struct DemoStory: Sendable {
    let client: DemoClient
    let pack: Pack
    let console: Console

    /// One sighting: who, what, where, and what becomes of it.
    private struct Scene: Sendable {
        enum Course: Sendable {
            case closed
            case returnedThenClosed
            case checkedTwice
            case refused
            case underWay
        }

        let rider: String
        let words: String
        let category: String
        let community: Int
        /// From the middle of the community, in 1e-7 degrees.
        let offset: (latitude: Int, longitude: Int)
        let course: Course
        var kind = ReportKind.snapshot
        /// Somebody else who saw the same a few metres away.
        var also: String?
    }

    private static let scenes = [
        Scene(
            rider: "rider-yu", words: "3 栋门口垃圾堆了一地，没人收", category: "E0102", community: 0, offset: (0, 0),
            course: .closed, also: "rider-li"),
        Scene(
            rider: "rider-chen", words: "电动车把盲道占满了", category: "E0506", community: 1, offset: (2_000, 1_000),
            course: .returnedThenClosed),
        Scene(
            rider: "rider-wang", words: "消防通道停了一辆面包车", category: "S0101", community: 2, offset: (-1_500, 800),
            course: .checkedTwice),
        Scene(
            rider: "rider-zhao", words: "井盖缺了一角，骑车很危险", category: "P0101", community: 3, offset: (900, -1_200),
            course: .closed, also: "rider-yu"),
        Scene(
            rider: "rider-liu", words: "路灯不亮", category: "P0118", community: 0, offset: (9_000, 6_000),
            course: .underWay),
        Scene(
            rider: "rider-sun", words: "看着像乱停车，其实是在卸货", category: "E0505", community: 3,
            offset: (-8_000, 5_000), course: .refused),
        Scene(
            rider: "rider-zhou", words: "驿站的充电口坏了两个", category: "D0201", community: 3, offset: (3_000, 3_000),
            course: .closed, kind: .request),
        Scene(
            rider: "rider-wu", words: "健身器材松动，孩子在上面玩", category: "P0126", community: 1,
            offset: (-6_000, -4_000), course: .underWay),
    ]

    func play() async throws {
        console.plain("The morning begins: \(Self.scenes.count) sightings in \(pack.communities.count) communities")
        for (index, scene) in Self.scenes.enumerated() {
            try await play(scene, number: index + 1)
        }
        try await settle()
        console.plain()
    }

    private func play(_ scene: Scene, number: Int) async throws {
        let community = pack.communities[scene.community % pack.communities.count]
        let place = community.middle(moved: scene.offset)
        let opened = try await client.report(
            by: scene.rider, scene.words, category: scene.category, kind: scene.kind, at: place, key: "demo-\(number)")
        console.note("\(community.name) · \(scene.rider): \(scene.words) → \(opened.caseNumber)")
        if let other = scene.also {
            let joined = try await client.report(
                by: other, "\(scene.words)（同一处）", category: scene.category, kind: scene.kind,
                at: community.middle(moved: (scene.offset.latitude + 500, scene.offset.longitude)),
                key: "demo-\(number)-also")
            console.plain("    \(other) saw it too; it joins \(joined.caseNumber)")
        }
        try await run(scene.course, opened.caseID, in: community)
    }

    private func run(_ course: Scene.Course, _ caseID: String, in community: PackCommunity) async throws {
        let dispatcher = try somebody("dispatcher", in: community)
        let verifier = try somebody("verifier", in: community)
        if case .refused = course {
            try await client.act(.dispatcher, dispatcher, .refuse, on: caseID, ["reason": "现场核实为临时卸货，不予立案"])
            console.plain("    \(dispatcher) looked: not filed 不予立案, with the reason")
            return
        }
        try await client.act(.dispatcher, dispatcher, .file, on: caseID)
        try await client.act(.dispatcher, dispatcher, .dispatch, on: caseID)
        let view = try await client.view(caseID, as: dispatcher)
        guard let worker = view.handlerId else {
            throw DemoClient.Unexpected(what: "case \(view.caseNumber) has no handler: the pack names no worker for it")
        }
        console.plain("    filed 立案, dispatched 派遣 to \(worker)")
        if case .underWay = course { return }
        if case .returnedThenClosed = course {
            try await client.act(.worker, worker, .return, on: caseID, ["reason": "不在本单位责任区"])
            try await client.act(.dispatcher, dispatcher, .dispatch, on: caseID)
            console.plain("    returned with a reason, dispatched again")
        }
        let handler = try await client.view(caseID, as: dispatcher).handlerId ?? worker
        try await client.act(.worker, handler, .handle, on: caseID)
        if case .checkedTwice = course {
            try await client.act(
                .verifier, verifier, .verify, on: caseID, ["agrees": false, "reason": "车还在，没有挪走"])
            try await client.act(.worker, handler, .handle, on: caseID)
            console.plain("    \(verifier) looked and disagreed 返工; handled again")
        }
        try await client.act(.verifier, verifier, .verify, on: caseID, ["agrees": true])
        console.plain("    handled 处置, checked by \(verifier) 核查, closed 结案")
    }

    /// Waits until the closed cases' points can be spent, and shows them.
    private func settle() async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        var points = try await client.points(of: "rider-yu")
        while points.balance == 0, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(100))
            points = try await client.points(of: "rider-yu")
        }
        for rider in ["rider-yu", "rider-chen", "rider-wang", "rider-zhao", "rider-liu"] {
            let points = try await client.points(of: rider)
            console.note("\(rider): \(points.balance) points to spend, \(points.pending) promised")
        }
    }

    private func somebody(_ role: String, in community: PackCommunity) throws -> String {
        let person = pack.people.first {
            $0.roles.contains(role) && ($0.communityIds.isEmpty || $0.communityIds.contains(community.id))
        }
        guard let person else {
            throw DemoClient.Unexpected(what: "the pack has no \(role) for \(community.id)")
        }
        return person.id.rawValue
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
