import Contracts
import EventProcessing
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Photos
import ServiceKit
import Testing

@testable import ReportIntake

extension TestClientProtocol {
    fileprivate func status(
        _ method: HTTPRequest.Method, _ uri: String, _ body: JSONValue? = nil, token: String? = nil
    ) async throws -> Int {
        try await execute(
            uri: uri, method: method, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: body.map { ByteBuffer(string: $0.text()) }
        ) { $0.status.code }
    }
}

private func limited(_ perMinute: Int) -> IntakeSettings {
    var settings = IntakeSettings(acceptAfter: .store)
    settings.personLimit = perMinute
    return settings
}

@Test func `one person who sends without end is asked to come later, others and platforms are not`() async throws {
    // Ten seconds' worth at once: two.
    try await IntakeUnderTest.run(settings: limited(12)) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        for _ in 0..<2 { #expect(try await client.report(.report(), token: rider).status == 201) }
        let third = try await client.report(.report(), token: rider)

        #expect(third.status == 429)
        #expect(third.headers[.retryAfter].flatMap(Int.init) != nil)
        #expect(third.json["detail"]?.string?.contains("one person") == true)
        #expect(try await client.report(.report(), token: try await intake.token("rider-8", .rider)).status == 201)
        let platform = try await intake.token("platform-a", .platform)
        for _ in 0..<5 { #expect(try await client.report(.report(), token: platform).status == 201) }
        #expect(try intake.count("report") == 8)
    }
}

@Test func `what goes along with reports has room of its own, and its end`() async throws {
    let picture = Picture(width: 16, height: 16, pixels: [UInt8](repeating: 90, count: 16 * 16 * 3))
    let photo = try JPEGWriter.write(picture, quality: 80)
    // Ten times as many as reports: ten seconds' worth of them are ten.
    for door in ["/v1/photos", "/v1/voice-notes", "/v1/captures", "/v1/reports/preview", "/v1/reports/nearby"] {
        try await IntakeUnderTest.run(settings: limited(6), pack: .town) { intake, client in
            let rider = try await intake.token("rider-7", .rider)
            let (uri, method) =
                door.hasSuffix("nearby")
                ? ("\(door)?latitude=28.6829&longitude=115.8551", HTTPRequest.Method.get) : (door, .post)
            let body = door.hasSuffix("preview") ? Array(JSONValue.report().bytes()) : photo
            var statuses: [Int] = []
            // Room comes back while they are taken in, so that a few more may pass.
            while statuses.last != 429, statuses.count < 300 {
                statuses.append(
                    try await client.execute(
                        uri: uri, method: method, headers: [.authorization: "Bearer \(rider)"],
                        body: method == .get ? nil : ByteBuffer(bytes: body)
                    ) { $0.status.code })
            }

            #expect(statuses.last == 429 && statuses.count > 10, "\(door): \(statuses)")
            // Reports have another purse.
            #expect(try await client.report(.report(), token: rider).status == 201)
        }
    }
}

@Test func `a link is used as often as one may be, whoever holds it, and other links as before`() async throws {
    try await IntakeUnderTest.run(settings: limited(12), pack: .town) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let links = try await [1, 2].asyncMap { _ in
            try #require(try await client.report(.report(), token: rider).json["follow"]?.string)
        }
        func add(to link: String, token: String? = nil) async throws -> Int {
            try await client.status(.post, "\(link)/additions", ["text": "还在"], token: token)
        }

        #expect(try await add(to: links[0]) == 202)
        #expect(try await add(to: links[0], token: try await intake.token("rider-8", .rider)) == 202)
        #expect(try await add(to: links[0]) == 429)
        #expect(try await client.status(.patch, links[0], ["description": "x"]) == 429)
        #expect(try await client.status(.delete, links[0]) == 429)
        #expect(try await add(to: links[1]) == 202)
        #expect(try await client.status(.get, links[0]) == 200, "looking is free")
        #expect(try intake.count("amendment") == 3)
    }
}

@Test func `while too many reports are unanswered nothing is added to them, either`() async throws {
    let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 2)
    try await IntakeUnderTest.run(settings: settings, pack: .town) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let sent = try await client.report(.report(), token: rider)
        let link = try #require(sent.json["follow"]?.string)

        #expect(try await client.status(.post, "\(link)/additions", ["text": "还在"]) == 202)
        // The addition waits for its answer as the report does: now there are two.
        #expect(try await client.status(.post, "\(link)/additions", ["text": "还在"]) == 503)
        #expect(try await client.status(.delete, link) == 503)
        #expect(try await client.report(.report(), token: rider).status == 503)
        #expect(try intake.count("edgeOutbox") == 2)
    }
}

@Test func `people who come and go leave no buckets behind`() {
    let clock = KeptValue(ContinuousClock.now)
    let quotas = Quotas(perMinute: { _ in 60 }, now: { clock.value })
    for number in 0..<25_000 {
        _ = quotas.take(.reports, by: .person(PersonID("rider-\(number)")))
        if number % 10 == 0 { clock.set(clock.value + .seconds(1)) }
    }

    #expect(quotas.count <= 10_001)
}

@Test func `what a platform sent in vain is counted, too, by why`() async throws {
    let key = Platform.key
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        // Ten seconds' worth: three.
        try await intake.read([Platform.granted(perMinute: 18)], into: PlatformKeys())
        _ = try await client.report(.report(["location": 1]), token: key)
        let photo: JSONValue = [.string(String(repeating: "0", count: 64))]
        _ = try await client.report(.report(["photos": photo]), token: key)
        _ = try await client.post(["service_code": "E0102", "api_key": key])
        _ = try await client.report(.report(), token: key)
        _ = try await client.post(["service_code": "E0102", "api_key": key])
        let text = intake.metrics.text()

        #expect(text.contains(#"platform_reports_total{outcome="rejected",platform="meituan"} 3"#))
        #expect(text.contains(#"platform_reports_total{outcome="limited",platform="meituan"} 2"#))
        #expect(text.contains(#"reports_rejected_total{door="single"} 2"#))
        #expect(text.contains(#"reports_rejected_total{door="open311"} 1"#))
    }
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        try await intake.read([Platform.granted()], into: PlatformKeys())
        _ = try await client.stream(["no json", JSONValue.report(["location": 1]).text()], token: key)
        let value = Platform.event("a", [:], ["location": 1])
        _ = try await intake.door.answers(to: [
            ForeignRecord(log: "a log", partition: 0, offset: 0, value: value, headers: Platform.signed(value))
        ])

        #expect(
            intake.metrics.text().contains(#"platform_reports_total{outcome="rejected",platform="meituan"} 3"#))
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
