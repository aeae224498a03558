import Contracts
import Testing

@testable import EventProcessing

@Suite struct LaneBookTests {
    private let begin = ContinuousClock.now

    private func book(places: Int = 8, lanePlaces: Int = 3) -> LaneBook {
        var settings = DeliverySettings()
        settings.places = places
        settings.lanePlaces = lanePlaces
        return LaneBook(settings)
    }

    /// Takes as many places of a lane as there are.
    private func fill(_ book: inout LaneBook, _ lane: String, at moment: Duration = .zero) -> [DeliveryID] {
        var ids: [DeliveryID] = []
        while book.free(in: lane, at: begin + moment) > 0 {
            let id = DeliveryID("\(lane) \(book.taken)")
            book.take(id, in: lane, at: begin + moment)
            ids.append(id)
        }
        return ids
    }

    private func end(
        _ book: inout LaneBook, _ id: DeliveryID, _ lane: String, _ result: DeliveryResult = .delivered,
        after duration: Duration = .milliseconds(5), at moment: Duration = .zero
    ) {
        book.end(id, in: lane, with: result, after: duration, at: begin + moment)
    }

    @Test func `a lane has one place until it has answered fast, and then all of its places`() {
        var book = book()

        let first = fill(&book, "a")
        end(&book, first[0], "a")

        #expect(first.count == 1)
        #expect(fill(&book, "a").count == 3)
    }

    @Test func `a lane that answers slowly, or with a failure, has one place`() {
        var book = book()
        for (lane, duration, result) in [
            ("slow", Duration.seconds(2), DeliveryResult.delivered),
            ("failing", .zero, .failed(reason: "500", canRetry: true)),
        ] {
            end(&book, fill(&book, lane)[0], lane)
            let three = fill(&book, lane)
            for id in three { end(&book, id, lane, result, after: duration) }

            #expect(three.count == 3)
            #expect(fill(&book, lane).count == 1, "\(lane)")
        }
    }

    @Test func `the process has so many places, and slow lanes at most half of them`() {
        var book = book()
        let lanes = (1...20).map { "slow \($0)" }
        for lane in lanes { end(&book, fill(&book, lane)[0], lane, after: .seconds(3)) }

        let slow = lanes.flatMap { fill(&book, $0) }
        let others = (1...20).flatMap { fill(&book, "new \($0)") }

        #expect(slow.count == 4)
        #expect(others.count == 4)
        #expect(book.free == 0)
        book.giveBack(slow[0])
        #expect(book.free(in: "slow 9", at: begin) == 1)
        #expect(book.free(in: "new 9", at: begin) == 1)
    }

    @Test(arguments: [
        DeliveryResult.postponed(reason: "its breaker is open", by: .seconds(30)),
        .failed(reason: "429", canRetry: true, retryAfter: .seconds(30)),
    ])
    func `a lane that asked for a pause gets it, and one sending tries before the others`(result: DeliveryResult) {
        var book = book()
        end(&book, fill(&book, "a")[0], "a")
        let three = fill(&book, "a")

        end(&book, three[0], "a", result)
        end(&book, three[1], "a", at: .seconds(1))

        #expect(book.free(in: "a", at: begin + .seconds(29)) == 0)
        end(&book, three[2], "a", at: .seconds(29))
        #expect(fill(&book, "a", at: .seconds(30)).count == 1)
    }

    @Test func `whoever asks for no pause at all is asked ten times a second at most`() {
        var book = book()

        end(&book, fill(&book, "a")[0], "a", .postponed(reason: "no", by: .zero))

        #expect(book.free(in: "a", at: begin + .milliseconds(99)) == 0)
        #expect(book.free(in: "a", at: begin + .milliseconds(100)) == 1)
    }

    @Test func `a place is given back once`() {
        var book = book()
        let id = fill(&book, "a")[0]

        book.giveBack(id)
        book.giveBack(id)
        end(&book, id, "a")

        #expect(book.taken == 0)
        #expect(fill(&book, "a").count == 3)
    }
}
