import Contracts
import TestSupport
import Testing

@testable import Portal

extension RepeatProblem.Case {
    /// - Parameters:
    ///   - north: Squares of 0.001 degrees north of the town hall's.
    ///   - closed: Minutes after noon at which it was closed; nil where it is not.
    static func sample(
        _ number: String, category: CategoryCode = CitySample.garbage, north: Int = 0, east: Int = 0,
        opened: Int64 = 0, closed: Int64? = nil, reopens: Int = 0
    ) -> Self {
        let hall = CitySample.townHall.rounded
        return Self(
            number: number, communityId: CitySample.mingdu, category: category,
            location: Location(
                latitudeE7: hall.latitudeE7 + north * 10_000, longitudeE7: hall.longitudeE7 + east * 10_000),
            openedAt: .minutes(opened), closedAt: closed.map(Timestamp.minutes), reopens: reopens, reporters: 1)
    }
}

@Test func `the same again and again near one place is a cluster, with its evidence`() throws {
    let cases: [RepeatProblem.Case] = [
        .sample("b", north: 1, opened: 20, closed: 25), .sample("a", opened: 10, closed: 15),
        .sample("c", north: 1, east: 1, opened: 30, reopens: 2),
        .sample("far", north: 9, opened: 5), .sample("other", category: CitySample.parking, opened: 5),
    ]

    let found = RepeatProblem.clusters(of: cases)

    let one = try #require(found.first)
    #expect(found.count == 1)
    #expect(one.cases.map(\.number) == ["a", "b", "c"])
    #expect(one.firstAt == .minutes(10) && one.lastAt == .minutes(30))
    #expect(one.solved == 2)
    // b and c came after a was closed, and c was opened twice more.
    #expect(one.cameAgain == 4)
    #expect(one.reporters == 3 && one.communityIds == [CitySample.mingdu])
}

@Test func `two are no cluster, and what is two squares apart is not near`() {
    #expect(RepeatProblem.clusters(of: [.sample("a"), .sample("b")]).isEmpty)
    let row: [RepeatProblem.Case] = [.sample("a"), .sample("b", east: 2), .sample("c", east: 4)]
    #expect(RepeatProblem.clusters(of: row).isEmpty)
    #expect(RepeatProblem.clusters(of: row, fewest: 1).count == 3)
}

@Test func `more cases come first, then what came again after closing, then what is older`() {
    func three(_ name: String, east: Int, opened: Int64, closed: Int64? = nil) -> [RepeatProblem.Case] {
        (0..<3).map { .sample("\(name)\($0)", east: east, opened: opened + Int64($0) * 10, closed: closed) }
    }
    let cases: [RepeatProblem.Case] =
        three("young", east: 0, opened: 500) + three("old", east: 10, opened: 100)
        + three("again", east: 20, opened: 600, closed: 605) + three("many", east: 30, opened: 900)
        + [.sample("many3", east: 31, opened: 990)]

    let order = RepeatProblem.clusters(of: cases).map { $0.cases[0].number }

    #expect(order == ["many0", "again0", "old0", "young0"])
}

@Test func `clusters are bounded, apart, and the same in whatever order cases come`() {
    var generator = SeededGenerator()
    let categories = [CitySample.garbage, CitySample.parking]
    for round in 0..<200 {
        let cases = (0..<Int.random(in: 0...60, using: &generator)).map { number in
            RepeatProblem.Case.sample(
                "\(number)", category: categories[Int.random(in: 0...1, using: &generator)],
                north: Int.random(in: -6...6, using: &generator), east: Int.random(in: -6...6, using: &generator),
                opened: Int64.random(in: 0...99, using: &generator),
                closed: Bool.random(using: &generator) ? Int64.random(in: 100...200, using: &generator) : nil)
        }
        let fewest = Int.random(in: 1...5, using: &generator)

        let found = RepeatProblem.clusters(of: cases, fewest: fewest)

        #expect(RepeatProblem.clusters(of: cases.shuffled(using: &generator), fewest: fewest) == found, "\(round)")
        let numbers = found.flatMap { $0.cases.map(\.number) }
        #expect(Set(numbers).count == numbers.count, "no case is in two")
        for one in found {
            #expect(one.cases.count >= fewest)
            for member in one.cases {
                #expect(member.category == one.category)
                #expect(abs(member.location.latitudeE7 - one.centre.latitudeE7) <= 10_000)
                #expect(abs(member.location.longitudeE7 - one.centre.longitudeE7) <= 10_000)
            }
        }
        #expect(found.map(\.cases.count) == found.map(\.cases.count).sorted(by: >))
        // Whatever is left over has nowhere enough of its kind around it.
        let rest = cases.filter { !numbers.contains($0.number) }
        for one in rest {
            let near = rest.count {
                $0.category == one.category && abs($0.location.latitudeE7 - one.location.latitudeE7) <= 10_000
                    && abs($0.location.longitudeE7 - one.location.longitudeE7) <= 10_000
            }
            #expect(near < fewest, "\(round)")
        }
    }
}
