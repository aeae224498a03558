import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Photos
import ServiceKit
import TestSupport
import Testing
import Voice

@testable import ReportIntake

private func jpeg(_ shade: UInt8 = 90) throws -> [UInt8] {
    let pixels = (0..<32 * 32 * 3).map { UInt8(truncatingIfNeeded: $0 / 30) &+ shade }
    return try JPEGWriter.write(Picture(width: 32, height: 32, pixels: pixels), quality: 90)
}

private func note(_ seconds: Double = 1) -> [UInt8] { SampleSound.wav(SampleSound.tone(seconds: seconds)) }

/// A form of parts: what each is called, and what is in it.
private func form(_ parts: [(String, [UInt8])], boundary: String = "b-1") -> [UInt8] {
    parts.flatMap { name, bytes in
        Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"x\"\r\n\r\n".utf8) + bytes
            + Array("\r\n".utf8)
    } + Array("--\(boundary)--\r\n".utf8)
}

private func report(_ fields: [String: JSONValue] = [:]) -> (String, [UInt8]) {
    ("report", JSONValue.report(fields).bytes())
}

extension TestClientProtocol {
    fileprivate func submit(
        _ body: [UInt8], token: String?, key: String? = nil, type: String = "multipart/form-data; boundary=b-1"
    ) async throws -> Answer {
        var headers: HTTPFields = [.contentType: type]
        headers[.authorization] = token.map { "Bearer \($0)" }
        headers[.idempotencyKey] = key
        return try await execute(
            uri: "/v1/reports", method: .post, headers: headers, body: ByteBuffer(bytes: body)
        ) { Answer($0) }
    }
}

extension IntakeUnderTest {
    /// Whether anything lies where photos and voice notes are kept.
    fileprivate var shelvesAreEmpty: Bool {
        ["photos", "voice-notes"].allSatisfy { name in
            !FileManager.default.fileExists(atPath: folder.appending(path: name).path(percentEncoded: false))
        }
    }
}

@Test func `a report brings its photos and voice notes in one form`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let body = form([report(), ("photo", try jpeg()), ("photo", try jpeg(7)), ("voiceNote", note()), ("photo", [])])

        let answer = try await client.submit(body, token: rider, key: "k-1")
        let again = try await client.submit(body, token: rider, key: "k-1")

        #expect(answer.status == 201)
        #expect(again.status == 201 && again.json["reportId"] == answer.json["reportId"])
        #expect(try intake.count("report") == 1)
        let told = try #require(try intake.outbox().first).data
        #expect(told.photos?.count == 2 && told.voiceNotes?.map(\.seconds) == [1])
        let id = try #require(answer.json["reportId"]?.string)
        let photo = try #require(try await client.look(id, token: rider).json["photos"]?.array?.first?.string)
        let shown = try await client.fetch("/v1/photos/\(photo)", token: rider)
        #expect(shown.status == 200)
        // It is the same report as one whose files were sent before it.
        let inSteps = try await client.report(
            .report([
                "photos": .array((told.photos ?? []).map { .string($0.id.rawValue) }),
                "voiceNotes": .array((told.voiceNotes ?? []).map { .string($0.id.rawValue) }),
            ]), token: rider, key: "k-1")
        #expect(inSteps.json["reportId"] == answer.json["reportId"])
    }
}

@Test func `what is wrong with a form is named, and nothing of it is kept`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let good = ("photo", try jpeg())
        let seven = try (0..<7).map { ("photo", try jpeg(UInt8($0))) }
        let cases: [([UInt8], Int, [String])] = [
            (form([report(["location": 1]), good]), 422, ["location"]),
            (form([report(), good, ("photo", Array("no photo".utf8))]), 422, ["photo[1]"]),
            (form([report(), good, ("voiceNote", Array("no sound".utf8))]), 422, ["voiceNote[0]"]),
            (form([report()] + seven), 422, ["photo"]),
            (form([good]), 422, ["report"]),
            (form([report(), report(), good]), 422, ["report"]),
            (form([report(), good, ("selfie", [1])]), 422, [""]),
            (form([("report", Array("{".utf8)), good]), 400, []),
            (Array(form([report(), good]).dropLast(8)), 400, []),
            (form([report(["photos": [.string(String(repeating: "0", count: 64))]]), good]), 422, ["photos[0]"]),
            (form([report(), ("photo", [UInt8](repeating: 1, count: PhotoRoutes.largest + 1))]), 413, []),
        ]
        for (body, status, fields) in cases {
            let answer = try await client.submit(body, token: rider)
            #expect(answer.status == status)
            #expect(answer.wrongFields == fields)
        }
        let nobody = try await client.submit(form([report(), good]), token: nil)
        #expect(nobody.status == 401)
        let withoutBoundary = try await client.submit(
            form([report(), good]), token: rider, type: "multipart/form-data")
        #expect(withoutBoundary.status == 400)
        let large = try await client.submit([UInt8](repeating: 0x20, count: MultipartForm.largest + 1), token: rider)
        #expect(large.status == 413)
        #expect(try intake.count("report") == 0)
        #expect(intake.shelvesAreEmpty)
    }
}

@Test func `photos that are named and those that come along are six together, each once`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let named = try #require(try await client.send(photo: try jpeg(), token: rider).json["photoId"]?.string)
        let fields: [String: JSONValue] = ["photos": [.string(named)]]

        let twice = try await client.submit(form([report(fields), ("photo", try jpeg())]), token: rider)
        let seven = try await client.submit(
            form([report(fields)] + (try (1...6).map { ("photo", try jpeg(UInt8($0))) })), token: rider)
        let two = try await client.submit(form([report(fields), ("photo", try jpeg(9))]), token: rider)

        #expect(twice.status == 422 && twice.wrongFields == ["photo"])
        #expect(seven.status == 422 && seven.wrongFields == ["photo"])
        #expect(two.status == 201)
        #expect(try #require(try intake.outbox().first).data.photos?.map(\.id.rawValue).first == named)
    }
}

@Test func `a request that is refused leaves no photo behind`() async throws {
    let settings = IntakeSettings(acceptAfter: .store, backlogLimit: 2)
    try await IntakeUnderTest.run(settings: settings, pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        func post(
            _ photos: [[UInt8]], _ fields: [(String, String)] = [], idempotencyKey: String? = nil
        ) async throws -> Open311Reply {
            let words = [("api_key", key), ("service_code", "E0102"), ("lat", "28.6829"), ("long", "115.8551")]
            let body = (words + fields).flatMap { name, value in
                Array("--b-1\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
            }
            return try await client.post(
                bytes: body + form(photos.map { ("photo", $0) }), type: "multipart/form-data; boundary=b-1",
                key: idempotencyKey)
        }
        let first = try await post([], idempotencyKey: "k-1")
        #expect(first.status == 200)

        let notAPhoto = try await post([try jpeg(), Array("no photo".utf8)])
        let otherUnderTheKey = try await post([try jpeg()], idempotencyKey: "k-1")
        let wrongAnswer = try await post([try jpeg()], [("attribute[none]", "x")])
        let nobodysService = try await post([try jpeg()], [("jurisdiction_id", "nowhere")])

        #expect(notAPhoto.status == 400 && otherUnderTheKey.status == 400)
        #expect(wrongAnswer.status == 400 && nobodysService.status == 404)
        #expect(intake.shelvesAreEmpty)
        // Now there are two reports, and no more room.
        #expect(try await client.report(.report(), token: key).status == 201)
        let tooMany = try await post([try jpeg()])
        #expect(tooMany.status == 503)
        #expect(intake.shelvesAreEmpty)
        #expect(try intake.count("report") == 2)
    }
}

@Test func `a large form is read to its end only for who has a key`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let photo = try JPEGWriter.write(
            Picture(
                width: 400, height: 400, pixels: (0..<400 * 400 * 3).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }),
            quality: 100)
        #expect(photo.count > Open311Call.largestUnknown)
        func body(_ api: String?, keyFirst: Bool) -> [UInt8] {
            let fields = [("service_code", "E0102"), ("lat", "28.6829"), ("long", "115.8551")]
            let keyField = api.map { [("api_key", $0)] } ?? []
            let words = (keyFirst ? keyField + fields : fields).map { ($0.0, Array($0.1.utf8)) }
            let last = keyFirst ? [] : keyField.map { ($0.0, Array($0.1.utf8)) }
            return (words + last).flatMap { name, value in
                Array("--b-1\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8) + value
                    + Array("\r\n".utf8)
            }
        }
        func post(_ bytes: [UInt8], _ path: String = "v2/requests.json") async throws -> Open311Reply {
            try await client.post(path, bytes: bytes, type: "multipart/form-data; boundary=b-1")
        }
        let files = form([("photo", photo)])
        let filesFirst = Array(files.dropLast("--b-1--\r\n".utf8.count))

        let first = try await post(body(key, keyFirst: true) + files)
        let late = try await post(
            filesFirst + body(key, keyFirst: false) + Array("--b-1--\r\n".utf8))
        let none = try await post(body(nil, keyFirst: true) + files)
        let wrong = try await post(body("ssp_x", keyFirst: true) + files)
        let inQuery = try await post(
            filesFirst + body(nil, keyFirst: true) + Array("--b-1--\r\n".utf8), "v2/requests.json?api_key=\(key)")

        #expect(first.status == 200 && inQuery.status == 200)
        #expect(late.status == 403 && none.status == 403 && wrong.status == 403)
        #expect(try late.descriptions().first?.contains("as its first field") == true)
        #expect(try intake.count("report") == 2)
        // A small one may say it anywhere.
        let small = Array(form([("photo", try jpeg())]).dropLast("--b-1--\r\n".utf8.count))
        let smallLate = try await post(small + body(key, keyFirst: false) + Array("--b-1--\r\n".utf8))
        #expect(smallLate.status == 200)
    }
}

@Test func `a boundary that is the beginning of another parts nothing`() throws {
    let inner = "--b-1\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n--b-1--"
    let body =
        Array("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\(inner)\r\n--b  \r\n".utf8)
        + Array("Content-Disposition: form-data; name=\"c\"\r\n\r\nd\r\n--b--".utf8)

    let parts = try MultipartForm.parts(of: body, boundary: "b")

    #expect(parts.map(\.name) == ["a", "c"])
    #expect(parts.map { String(decoding: $0.bytes, as: UTF8.self) } == [inner, "d"])
}

@Test(arguments: [
    (#"name="a\"b;c"; filename="x\\y;z""#, "a\"b;c", true), (#"name="a\b""#, #"a\b"#, false),
    (#"name=plain ; filename="""#, "plain", true), (#"filename="a; name=b"; name="c\\""#, #"c\"#, true),
])
func `names in quotes are read as they are meant`(disposition: String, name: String, isFile: Bool) throws {
    let body = Array("--b\r\nContent-Disposition: form-data; \(disposition)\r\n\r\nx\r\n--b--".utf8)

    let parts = try MultipartForm.parts(of: body, boundary: "b")

    #expect(parts.map(\.name) == [name])
    #expect(parts.map(\.isFile) == [isFile])
}
