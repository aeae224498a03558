import Contracts
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Photos
import ReportIntakeDomain
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

private let noon = IntakeUnderTest.noon

private func nonces() throws -> CaptureNonces {
    let folder = try TemporaryFolder()
    return CaptureNonces(try DataFolderKeys(.captures, in: folder.url))
}

// MARK: - Nonces

@Test func `a nonce is known at every instance that has the key, and says when and to whom it was given`() throws {
    let folder = try TemporaryFolder()
    let one = CaptureNonces(try DataFolderKeys(.captures, in: folder.url))
    let other = CaptureNonces(try DataFolderKeys(.captures, in: folder.url))
    let text = one.issue(to: "rider-7", at: noon)

    #expect(text.utf8.count == 64)
    #expect(other.read(text, from: "rider-7").nonce == .handedOut(at: noon, toSender: true))
    #expect(other.read(text, from: "rider-7") == one.read(text, from: "rider-7"))
    #expect(other.read(text, from: "rider-8").nonce == .handedOut(at: noon, toSender: false))
    #expect(other.read(text, from: "rider-8").id == one.read(text, from: "rider-7").id)
    #expect(try nonces().read(text, from: "rider-7") == CaptureNonces.Reading(nonce: .unknown, id: nil))
}

@Test func `a nonce from before a change of keys is known until the former key is retired`() throws {
    let folder = try TemporaryFolder()
    let nonces = CaptureNonces(try DataFolderKeys(.captures, in: folder.url))
    let file = KeyFile.url(of: .captures, in: folder.url)
    let text = nonces.issue(to: "rider-7", at: noon)
    let former = try #require(try KeyFile.read(file))

    try former.rotated(to: .random(), at: Date(), lead: 0, grace: 3_600).replace(file)
    let after = nonces.issue(to: "rider-7", at: noon)
    #expect(nonces.read(text, from: "rider-7").nonce == .handedOut(at: noon, toSender: true))
    #expect(nonces.read(text, from: "rider-8").nonce == .handedOut(at: noon, toSender: false))
    #expect(nonces.read(after, from: "rider-7").nonce == .handedOut(at: noon, toSender: true))

    try #require(try KeyFile.read(file)).retired(at: Date()).replace(file)
    #expect(nonces.read(text, from: "rider-7") == CaptureNonces.Reading(nonce: .unknown, id: nil))
    #expect(nonces.read(after, from: "rider-7").nonce == .handedOut(at: noon, toSender: true))
}

@Test func `no two nonces are the same, and a moment before 1970 is kept, too`() throws {
    let nonces = try nonces()
    let early = Timestamp(milliseconds: -1)

    #expect(Set((0..<100).map { _ in nonces.issue(to: "rider-7", at: noon) }).count == 100)
    #expect(
        nonces.read(nonces.issue(to: "a", at: early), from: "a").nonce == .handedOut(at: early, toSender: true))
}

@Test func `a nonce of which any byte was changed, or that is cut or longer, is unknown`() throws {
    let nonces = try nonces()
    let bytes = try #require(Base64URL.bytes(nonces.issue(to: "rider-7", at: noon)))
    func reading(_ bytes: [UInt8]) -> ReturnedNonce { nonces.read(Base64URL.text(bytes), from: "rider-7").nonce }

    #expect(reading(bytes) == .handedOut(at: noon, toSender: true))
    for position in bytes.indices {
        for change in [1, 0x80, 0xFF] as [UInt8] {
            var changed = bytes
            changed[position] ^= change
            #expect(reading(changed) == .unknown, "byte \(position)")
        }
    }
    for count in bytes.indices { #expect(reading(Array(bytes[..<count])) == .unknown) }
    #expect(reading(bytes + [0]) == .unknown)
    for text in ["", "=", "nonce", "\u{0}", String(repeating: "A", count: 64), String(repeating: "水", count: 64)] {
        #expect(nonces.read(text, from: "rider-7").nonce == .unknown)
    }
}

// MARK: - The door

extension TestClientProtocol {
    fileprivate func open(token: String?) async throws -> Answer {
        try await execute(
            uri: "/v1/captures", method: .post, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: nil
        ) { Answer($0) }
    }

    fileprivate func send(photo: [UInt8], token: String) async throws -> JSONValue {
        try await execute(
            uri: "/v1/photos", method: .post, headers: [.authorization: "Bearer \(token)"],
            body: ByteBuffer(bytes: photo)
        ) { try #require(Answer($0).json["photoId"]) }
    }
}

/// A JPEG of stripes by the bits of a number; 0 is plain.
private func jpeg(_ number: Int, quality: Int = 90) throws -> [UInt8] {
    let width = 72
    let height = 64
    let pixels = (0..<(width * height * 3)).map { index in
        number >> (index / 3 % width / 8 % 8) & 1 == 1 ? UInt8(40) : 200
    }
    return try JPEGWriter.write(Picture(width: width, height: height, pixels: pixels), quality: quality)
}

@Test func `a form is opened by those who may report, and nothing of it is kept`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let answer = try await client.open(token: try await intake.token("rider-7", .rider))

        #expect(answer.status == 201)
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.json["openedAt"]?.string == noon.description)
        #expect(answer.json["goodUntil"]?.string == noon.adding(milliseconds: 86_400_000).description)
        let nonce = try #require(answer.json["nonce"]?.string)
        #expect(
            intake.core.desk.captures.read(nonce, from: "rider-7").nonce == .handedOut(at: noon, toSender: true))
        #expect(try await client.open(token: nil).status == 401)
        #expect(try await client.open(token: try await intake.token("worker-3", .worker)).status == 403)
        #expect(try intake.count("usedNonce") == 0)
    }
}

@Test func `what the app tells of a report's making goes on the topic, but not where its device was`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let opened = noon.adding(milliseconds: -120_000)
        let nonce = intake.core.desk.captures.issue(to: "rider-7", at: opened)
        let answer = try await client.report(
            .report([
                "capture": [
                    "nonce": .string(nonce), "capturedAt": .string(noon.description), "accuracy": 14.2, "speed": 3.4,
                    "location": ["latitude": 28.6929, "longitude": 115.8551],
                ]
            ]), token: token)
        #expect(answer.status == 201)

        let proof = CaptureProof(
            openedAt: opened, capturedAt: noon, distance: 1_112, accuracy: 15, signals: ["far-away", "moving-fast"])
        #expect(try intake.outbox().first?.data.capture == proof)
        let record = try await intake.core.store.pool.read { db in
            try String.fetchOne(db, sql: "SELECT CAST(value AS TEXT) FROM edgeOutbox")
        }
        #expect(record?.contains("28.6929") == false)
        #expect(record?.contains(nonce) == false)
        let id = try #require(answer.json["reportId"]?.string)
        #expect(
            try await client.look(id, token: token).json["capture"]
                == [
                    "openedAt": .string(opened.description), "capturedAt": .string(noon.description),
                    "distance": 1_112, "accuracy": 15, "signals": ["far-away", "moving-fast"],
                ])
    }
}

@Test func `a report whose app tells nothing of its making says nothing of it`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        for fields in [[:], ["capture": [:]], ["capture": nil]] as [[String: JSONValue]] {
            let answer = try await client.report(.report(fields), token: token)
            #expect(answer.status == 201)
            let id = try #require(answer.json["reportId"]?.string)
            #expect(try await client.look(id, token: token).json["capture"] == nil)
        }
        #expect(try intake.outbox().allSatisfy { $0.data.capture == nil })
    }
}

@Test func `wrong fields of a capture are refused, a nonce never is`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        func answer(_ capture: JSONValue) async throws -> Answer {
            try await client.report(.report(["capture": capture]), token: token)
        }

        let wrong = try await answer([
            "nonce": 1, "capturedAt": "yesterday", "location": ["latitude": 91, "longitude": 0], "accuracy": -1,
            "speed": "fast",
        ])
        #expect(wrong.status == 422)
        #expect(
            Set(wrong.wrongFields) == [
                "capture.nonce", "capture.capturedAt", "capture.location.latitude", "capture.accuracy", "capture.speed",
            ])
        #expect(try await answer("now").wrongFields == ["capture"])
        #expect(try await answer(["place": 1]).wrongFields == ["capture.place"])
        let nonces = intake.core.desk.captures
        for (nonce, signals) in [
            ("made up", ["nonce-unknown"]), (nonces.issue(to: "rider-8", at: noon), ["nonce-of-other"]),
            (nonces.issue(to: "rider-7", at: noon.adding(milliseconds: -90_000_000)), ["nonce-old"]),
        ] {
            #expect(try await answer(["nonce": .string(nonce)]).status == 201)
            #expect(try intake.outbox().last?.data.capture?.signals == signals)
        }
    }
}

// MARK: - What was used before

@Test func `the second report with a nonce says so, the same report sent again does not`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let token = try await intake.token("rider-7", .rider)
        let nonce = JSONValue.string(intake.core.desk.captures.issue(to: "rider-7", at: noon))
        func send(_ key: String) async throws -> Answer {
            try await client.report(.report(["capture": ["nonce": nonce]]), token: token, key: key)
        }

        let first = try await send("k-1")
        #expect(try await send("k-1").json == first.json)
        #expect(try await send("k-2").status == 201)

        #expect(try intake.outbox().map { $0.data.capture?.signals } == [[], ["nonce-reused"]])
        let desk = intake.core.desk
        let rider = Sender(id: "rider-7", maySpeakForOthers: false)
        let reading = ReportReading(.report(["capture": ["nonce": nonce]]), from: rider, hasKey: false, guidance: .none)
        guard case .form(let form, _) = reading else { throw ContractError.malformed("it is a report") }
        let again = try await desk.entry(
            form, from: rider, key: IdempotencyKey("k-1"), json: .null, traceParent: nil)
        #expect(again.submission.event.capture?.signals == [], "its own first sending is nothing odd")
    }
}

@Test func `a photo that was in another report before is told, by its name and by its look`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let (rider, other) = (try await intake.token("rider-7", .rider), try await intake.token("rider-8", .rider))
        func send(_ photos: [UInt8]..., by token: String) async throws -> [String]? {
            var ids: [JSONValue] = []
            for photo in photos { ids.append(try await client.send(photo: photo, token: token)) }
            let answer = try await client.report(.report(["photos": .array(ids)]), token: token)
            #expect(answer.status == 201)
            return try intake.outbox().last?.data.capture?.signals
        }

        #expect(try await send(try jpeg(0b1010_0110), by: rider) == nil)
        #expect(try await send(try jpeg(0b1010_0110), by: other) == ["photo-reused"])
        #expect(try await send(try jpeg(0b0001_0010), try jpeg(0b1010_0110), by: rider) == ["photo-reused"])
        #expect(try await send(try jpeg(0b1010_0110, quality: 70), by: other) == ["photo-reused"], "of equal look")
        #expect(try await send(try jpeg(0b0100_0111), by: other) == nil)
        // Whatever is plain looks like everything that is plain.
        #expect(try await send(try jpeg(0), by: rider) == nil)
        #expect(try await send(try jpeg(0, quality: 70), by: rider) == nil)
        #expect(try await send(try jpeg(0, quality: 70), by: other) == ["photo-reused"])
    }
}

@Test func `what was used is known again after a restart`() async throws {
    try await IntakeUnderTest.inFolder { folder in
        let nonce = KeptValue(JSONValue.null)
        for signals in [[], ["nonce-reused"]] as [[String]] {
            try await IntakeUnderTest.run(in: folder) { intake, client in
                let token = try await intake.token("rider-7", .rider)
                if nonce.value == .null {
                    nonce.set(.string(intake.core.desk.captures.issue(to: "rider-7", at: noon)))
                }
                _ = try await client.report(.report(["capture": ["nonce": nonce.value]]), token: token)
                #expect(try intake.outbox().last?.data.capture?.signals == signals)
            }
        }
    }
}
