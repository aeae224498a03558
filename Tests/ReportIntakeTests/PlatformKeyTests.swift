import Contracts
import Foundation
import HTTPTypes
import ServiceKit
import Testing

@testable import ReportIntake

private let key = "ssp_" + String(repeating: "ab", count: 32)

private func granted(_ id: String = "k-1", _ key: String = key, perMinute: Int? = nil) -> PlatformKeyGranted {
    PlatformKeyGranted(keyId: id, platform: "meituan", hash: PlatformKey.hash(of: key), perMinute: perMinute)
}

@Test func `a platform reports with its key, for others too`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([granted()], into: PlatformKeys())
        let answer = try await client.report(.report(["reporterId": "rider-7"]), token: key)

        #expect(answer.status == 201)
        #expect(try intake.outbox().first?.data.channel == "meituan")
        #expect(try intake.outbox().first?.data.reporterId == "rider-7")
    }
}

@Test func `a key that nobody has, or that was taken back, is refused in words`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let unknown = try await client.report(.report(), token: key)
        #expect(unknown.status == 401)
        #expect(unknown.json["detail"]?.string?.contains("was taken back") == true)

        let earlier = IntakeUnderTest.noon.adding(milliseconds: -1)
        // Whatever comes first.
        try await intake.read([PlatformKeyRevoked(keyId: "k-1", from: earlier), granted()], into: PlatformKeys())
        #expect(try await client.report(.report(), token: key).status == 401)
    }
}

@Test func `a key that ends later is good until then, and the earliest end counts`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let later = IntakeUnderTest.noon.adding(milliseconds: 1)
        try await intake.read([granted(), PlatformKeyRevoked(keyId: "k-1", from: later)], into: PlatformKeys())
        #expect(try await client.report(.report(), token: key).status == 201)

        try await intake.read(
            [
                PlatformKeyRevoked(keyId: "k-1", from: IntakeUnderTest.noon),
                PlatformKeyRevoked(keyId: "k-1", from: later.adding(milliseconds: 60_000)),
            ], into: PlatformKeys())
        #expect(try await client.report(.report(), token: key).status == 401)
    }
}

@Test func `keys are known again after a restart, and only as hashes`() async throws {
    try await IntakeUnderTest.inFolder { folder in
        try await IntakeUnderTest.run(in: folder) { intake, _ in
            try await intake.read([granted()], into: PlatformKeys())
        }
        try await IntakeUnderTest.run(in: folder) { intake, client in
            #expect(try await client.report(.report(), token: key).status == 201)
            let file = folder.appending(path: "report-intake/1.sqlite")
            let bytes = try Data(contentsOf: file)
            #expect(bytes.firstRange(of: Data(key.utf8)) == nil)
        }
    }
}

@Test func `a platform that sends more than its key grants is asked to come later, others are not`() async throws {
    try await IntakeUnderTest.run { intake, client in
        // Ten seconds' worth at once: two.
        try await intake.read([granted(perMinute: 12)], into: PlatformKeys())
        for _ in 0..<2 { #expect(try await client.report(.report(), token: key).status == 201) }
        let third = try await client.report(.report(), token: key)

        #expect(third.status == 429)
        let seconds = try #require(third.headers[.retryAfter].flatMap(Int.init))
        #expect((1...5).contains(seconds))
        #expect(try intake.count("report") == 2)
        let rider = try await intake.token("rider-7", .rider)
        #expect(try await client.report(.report(), token: rider).status == 201)
    }
}

@Test func `a stream that brings more than the key grants is slowed, and all of it is taken`() async throws {
    try await IntakeUnderTest.run { intake, client in
        // A thousand at once, and then a hundred a second.
        try await intake.read([granted(perMinute: 6_000)], into: PlatformKeys())
        let lines = (1...1_020).map { JSONValue.report(["externalId": .string("m-\($0)")]).text() }
        let answer = try await client.stream(lines, token: key)

        #expect(answer.lines.count == 1_020)
        #expect(answer.lines.allSatisfy { $0["status"] == "accepted" })
    }
}

@Test func `who waits for room goes on when there is some`() async throws {
    let clock = KeptValue(ContinuousClock.now)
    let quotas = Quotas(perMinute: { _ in 60_000 }, now: { clock.value })
    while quotas.take(.reports, by: .platform("meituan")) == nil {}
    let isThrough = KeptValue(false)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            try await quotas.wait(.reports, by: .platform("meituan"))
            isThrough.set(true)
        }
        #expect(!isThrough.value)
        clock.set(clock.value + .milliseconds(1))
        try await group.waitForAll()
    }
    #expect(quotas.take(.reports, by: .platform("meituan")) != nil, "the one that came was taken")
}

@Test func `room comes back with time, and never more than ten seconds' worth`() {
    let clock = KeptValue(ContinuousClock.now)
    let quotas = Quotas(perMinute: { $0 == .platform("meituan") ? 60 : nil }, now: { clock.value })
    func taken() -> Int { (0..<100).count { _ in quotas.take(.reports, by: .platform("meituan")) == nil } }

    #expect(taken() == 10)
    clock.set(clock.value + .milliseconds(2_500))
    #expect(taken() == 2)
    #expect(quotas.take(.reports, by: .platform("meituan")) == .milliseconds(500))
    clock.set(clock.value + .seconds(3_600))
    #expect(taken() == 10)
    #expect(quotas.take(.reports, by: .platform("eleme")) == nil)
}

@Test func `what each platform sent is counted, of those that have a key`() async throws {
    try await IntakeUnderTest.run { intake, client in
        try await intake.read([granted()], into: PlatformKeys())
        _ = try await client.report(.report(), token: key)
        _ = try await client.report(.report(), token: try await intake.token("eleme", .platform))
        let text = intake.metrics.text()

        #expect(text.contains(#"platform_reports_total{outcome="accepted",platform="meituan"} 1"#))
        #expect(!text.contains("eleme"))
    }
}
