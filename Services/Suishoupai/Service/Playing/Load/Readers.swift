import Contracts
import NIOHTTP1
import ServiceKit

/// People who look at things while others report and work.
struct Readers: Sendable {
    let city: CityClient
    let neighbourhood: Neighbourhood
    let riders: Int
    let times: StepTimes
    /// How long each of them looks at what they got.
    static let thought = Duration.seconds(2)

    /// So many of them, until cancelled.
    func read(_ count: Int, seed: UInt64) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask { try await one(SeededNumbers(seed: seed &+ UInt64(number))) }
            }
            try await group.waitForAll()
        }
    }

    private func one(_ numbers: SeededNumbers) async throws {
        var numbers = numbers
        while !Task.isCancelled {
            let (person, path) = look(using: &numbers)
            let start = ContinuousClock.now
            do {
                let answer = try await city.send(.GET, "portal", path, by: person)
                guard answer.status == 200 else { throw CityFault.unexpected(answer) }
                await times.note(.read, ContinuousClock.now - start)
                try await Task.sleep(for: Self.thought)
            } catch is CancellationError {
                return
            }
        }
    }

    private func look(using numbers: inout SeededNumbers) -> (CityClient.Person, String) {
        let rider = CityClient.Person(id: "rider-\(Int.random(in: 1...riders, using: &numbers))", role: .rider)
        let community = neighbourhood.pack.communities.randomElement(using: &numbers)?.id ?? .unassigned
        let desk = neighbourhood.staff(.dispatcher, in: community) ?? rider
        return switch Int.random(in: 0..<10, using: &numbers) {
        case 0..<4: (rider, "/v1/me/reports?limit=20")
        case 4..<6: (rider, "/v1/me/points")
        case 6: (rider, "/v1/me/inbox")
        case 7..<9: (desk, "/v1/cases?communityId=\(community)&limit=50")
        default: (desk, "/v1/cases?communityId=\(community)&stage=opened&limit=50")
        }
    }
}
