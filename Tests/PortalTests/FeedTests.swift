import Contracts
import EventProcessing
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import Portal

extension PortalUnderTest {
    /// A feed that gives the ids of events alone.
    fileprivate func feed(after lastEventID: String? = nil) -> CaseFeed {
        CaseFeed(
            readModel: readModel, bell: core.news.bell,
            tail: StepTail(readModel: readModel, bell: core.news.bell), lastEventID: lastEventID, gathering: .zero,
            present: { ServerSentEvent(id: $0.id.description, event: "step", data: "") })
    }

    /// Takes in so many steps of one case, and gives their ids.
    fileprivate func hearSteps(_ count: Int) async throws -> [String] {
        let records = try (0..<count).map { _ in try IncomingRecord.of(CaseState.sample().step(.filed)) }
        try await hear(records)
        return records.map { $0.attributes.id.description }
    }
}

extension CaseFeed.Iterator {
    fileprivate mutating func next(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count { ids.append(try await next()?.id ?? "none") }
        return ids
    }
}

@Test func `a new reader is greeted, and then told what comes, in the order of coming`() async throws {
    try await PortalUnderTest.run { portal, _ in
        _ = try await portal.hearSteps(3)
        var reader = portal.feed().makeAsyncIterator()

        let greeting = try await reader.next()
        let steps = try await portal.hearSteps(150)
        let seen = try await reader.next(150)

        #expect(greeting == ServerSentEvent(event: "ready", data: "{}"))
        #expect(seen == steps)
    }
}

@Test func `a reader who comes back goes on behind the last event it had`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let steps = try await portal.hearSteps(100)
        var reader = portal.feed(after: steps[9]).makeAsyncIterator()

        let missed = try await reader.next(90)
        let later = try await portal.hearSteps(2)

        #expect(missed == Array(steps[10...]))
        #expect(try await reader.next(2) == later)
    }
}

@Test func `a reader whose last event is not known, or lies too far back, is told to read anew`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let steps = try await portal.hearSteps(Int(CaseFeed.mostMissed) + 2)

        for last in ["unheard-of", steps[0]] {
            var reader = portal.feed(after: last).makeAsyncIterator()
            #expect(try await reader.next() == ServerSentEvent(event: "reset", data: "{}"))
        }
        var justInTime = portal.feed(after: steps[1]).makeAsyncIterator()
        #expect(try await justInTime.next()?.id == steps[2])
    }
}

@Test func `a reader who waits hears of it at once, and of an event that comes twice once`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let first = try IncomingRecord.of(CaseState.sample().step(.filed))
        let second = try IncomingRecord.of(CaseState.sample().step(.dispatched))
        let feed = portal.feed(after: nil)

        try await withThrowingTaskGroup(of: [String].self) { group in
            let greeted = Counted()
            group.addTask {
                var reader = feed.makeAsyncIterator()
                _ = try await reader.next()
                greeted.count()
                return try await reader.next(2)
            }
            try await eventually("the reader was greeted") { greeted.value == 1 }
            for record in [first, first, second] { try await portal.hear([record]) }

            #expect(try await group.next() == [first, second].map { $0.attributes.id.description })
        }
    }
}

@Test func `who stops reading is listened for no longer`() async throws {
    try await PortalUnderTest.run { portal, _ in
        do {
            var reader = portal.feed().makeAsyncIterator()
            _ = try await reader.next()
            #expect(portal.core.news.bell.listenerCount == 1)
        }

        #expect(portal.core.news.bell.listenerCount == 0)
    }
}

@Test func `no more readers are let in than the machine bears`() async throws {
    try await PortalUnderTest.run { portal, client in
        let readers = (0..<FeedBell.mostListeners).map { _ in portal.core.news.bell.listen() }

        let answer = try await client.ask("/v1/feed/board")

        #expect(readers.count == portal.core.news.bell.listenerCount)
        #expect(answer.status == 503)
        #expect(answer.headers[.retryAfter] == "10")
    }
}

@Test(arguments: Onlooker.all)
func `on the wire a step shows each no more than the timeline does`(onlooker: Onlooker) async throws {
    try await PortalUnderTest.run { portal, _ in
        let state = CaseState.sample(reporters: ["rider-1", "rider-2"], handler: "worker-a")
        let step = try IncomingRecord.of(state.step(.returned, by: "worker-a", reason: "不归我们管"))
        let viewer = Viewer(Principal(subject: onlooker.subject, roles: Set(onlooker.roles)))
        try await portal.hear([try .of(state.opening), step])

        let text = try ServiceJSON.text(
            StepView(try step.read(CaseEvent.self), for: viewer))

        #expect(text.contains("MD-case-1"))
        #expect(text.contains("不归我们管") == (onlooker.isStaff || onlooker.isReporter))
        #expect(text.contains("worker-a") == onlooker.isStaff)
    }
}

@Test func `readers near the end share one reading, and miss nothing`() async throws {
    try await PortalUnderTest.run { portal, _ in
        let bell = portal.core.news.bell
        let tail = StepTail(readModel: portal.readModel, bell: bell)
        let (start, _) = try await portal.readModel.places(of: nil)
        #expect(try await tail.steps(after: start, limit: 9).isEmpty)
        // More than are kept, in several goes.
        var ids: [String] = []
        for count in [3, 700, 1, 64] {
            ids += try await portal.hearSteps(count)
            try await withThrowingTaskGroup(of: [String].self) { group in
                for reader in 0..<20 {
                    group.addTask {
                        var place = start
                        var seen: [String] = []
                        while true {
                            let steps = try await tail.steps(after: place, limit: 7 + reader)
                            guard let last = steps.last else { return seen }
                            seen += steps.map(\.event.id.description)
                            place = last.sequence
                        }
                    }
                }
                for try await seen in group { #expect(seen == ids) }
            }
        }
    }
}
