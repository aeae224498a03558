import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ObjectStore
import Photos
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

private let picture = Picture(
    width: 64, height: 48, pixels: (0..<64 * 48 * 3).map { UInt8(truncatingIfNeeded: $0 / 40) })

private func jpeg(quality: Int = 90) throws -> [UInt8] { try JPEGWriter.write(picture, quality: quality) }

@Test func `a photo is taken in once, and others see it made anew`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let first = try await client.send(photo: try jpeg(), token: rider)
        let again = try await client.send(photo: try jpeg(), token: rider)
        let id = try #require(first.json["photoId"]?.string)

        #expect(first.status == 201)
        #expect(first.json["width"] == .integer(64) && first.json["height"] == .integer(48))
        #expect(first.json["look"]?.string?.count == 16)
        #expect(again.json == first.json)
        let shown = try await client.fetch("/v1/photos/\(id)", token: rider)
        #expect(shown.status == 200 && shown.headers[.contentType] == "image/jpeg")
        #expect(try PhotoReader.read(shown.bytes, fitting: 500).width == 64)
        let small = try await client.fetch("/v1/photos/\(id)?form=thumbnail", token: rider)
        #expect(small.status == 200)
        #expect(try await client.fetch("/v1/photos/\(id)?form=poster", token: rider).status == 400)
        #expect(try await client.fetch("/v1/photos/\(id)", token: nil).status == 401)
    }
}

/// Where and by what a phone says that a photo was taken.
private let whereabouts = "GPS 28.6829 N 115.8551 E, phone of rider-7"

/// With the whereabouts in its EXIF.
private func exposing(jpeg: [UInt8]) -> [UInt8] {
    let body = Array("Exif\0\0II*\0\u{8}\0\0\0\0\0".utf8) + Array(whereabouts.utf8)
    let length = body.count + 2
    return Array(jpeg.prefix(2)) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + body + jpeg.dropFirst(2)
}

/// A picture of one pixel with the whereabouts in a chunk of text.
private func exposingPNG() throws -> [UInt8] {
    let png = Array(
        try #require(
            Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
            )))
    let chunk = Array("tEXt".utf8) + Array("Comment\0\(whereabouts)".utf8)
    var rest: UInt32 = 0xFFFF_FFFF
    for byte in chunk {
        rest ^= UInt32(byte)
        for _ in 0..<8 { rest = rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }
    func big(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
    // Behind the header, which is 8 + 25 bytes.
    return Array(png.prefix(33)) + big(UInt32(chunk.count - 4)) + chunk + big(rest ^ 0xFFFF_FFFF) + png.dropFirst(33)
}

@Test func `nothing that a photo tells of where and by whom it was taken is seen by others`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let verifier = try await intake.token("verifier-1", .verifier)
        for bytes in [exposing(jpeg: try jpeg()), try exposingPNG()] {
            let id = try #require(try await client.send(photo: bytes, token: rider).json["photoId"]?.string)
            #expect(bytes.contains(whereabouts.utf8))
            for form in ["shown", "thumbnail"] {
                let seen = try await client.fetch("/v1/photos/\(id)?form=\(form)", token: rider)
                #expect(seen.status == 200)
                #expect(!seen.bytes.contains("GPS".utf8) && !seen.bytes.contains("rider-7".utf8))
                #expect(!seen.bytes.contains("Exif".utf8))
            }
            let original = try await client.fetch("/v1/photos/\(id)/original", token: verifier)
            #expect(original.bytes == bytes)
        }
    }
}

@Test func `a large photo is shown at 2,048 pixels and listed at 320`() async throws {
    let large = Picture(
        width: 2_400, height: 600, pixels: (0..<2_400 * 600 * 3).map { UInt8(truncatingIfNeeded: $0 / 9_000) })
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let sent = try await client.send(photo: try JPEGWriter.write(large), token: rider)
        let id = try #require(sent.json["photoId"]?.string)
        #expect(sent.json["width"] == .integer(2_048) && sent.json["height"] == .integer(512))
        for (form, width, height) in [("shown", 2_048, 512), ("thumbnail", 320, 80)] {
            let seen = try await client.fetch("/v1/photos/\(id)?form=\(form)", token: rider)
            let picture = try PhotoReader.read(seen.bytes, fitting: 5_000)
            #expect(picture.width == width && picture.height == height)
        }
    }
}

@Test func `a report names at most six photos`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let ids = try await (1...7).asyncMap { number in
            try #require(
                try await client.send(photo: try jpeg(quality: 50 + number), token: rider).json["photoId"]?.string)
        }
        #expect(Set(ids).count == 7)
        func answer(_ count: Int) async throws -> Answer {
            try await client.report(
                .report(["photos": .array(ids.prefix(count).map { .string($0) })]), token: rider)
        }

        let seven = try await answer(7)
        let six = try await answer(6)

        #expect(seven.status == 422 && seven.wrongFields == ["photos"])
        #expect(six.status == 201)
        #expect(try intake.count("report") == 1)
    }
}

@Test func `where photos lie is the operator's choice`() throws {
    let data = URL(filePath: "/data", directoryHint: .isDirectory)
    let secrets = [
        "S3_ENDPOINT": "http://localhost:1", "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "secret",
    ]
    func place(_ photos: String?) throws -> ObjectPlace {
        try IntakeSettings(
            config: Settings.reader(options: ["intake.photos": photos], environment: [:]), brokerIsEmbedded: true
        ).photoPlace(in: data, environment: secrets)
    }

    #expect(try place(nil) == .folder(data))
    #expect(try place("/mnt/photos") == ObjectPlace(text: "/mnt/photos", environment: [:]))
    #expect(try place("s3://bucket/town") == ObjectPlace(text: "s3://bucket/town", environment: secrets))
    #expect(throws: ObjectStoreError.self) { try place("ftp://bucket") }
}

@Test func `a photo as it was sent is for verifiers, and lies sealed on the disk`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let bytes = try jpeg()
        let id = try #require(try await client.send(photo: bytes, token: rider).json["photoId"]?.string)

        #expect(try await client.fetch("/v1/photos/\(id)/original", token: rider).status == 403)
        let verifier = try await intake.token("verifier-1", .verifier)
        #expect(try await client.fetch("/v1/photos/\(id)/original", token: verifier).bytes == bytes)
        let sealed = try Data(contentsOf: intake.folder.appending(path: "photos/\(id)/original.sealed"))
        #expect(sealed.firstRange(of: Data(bytes.prefix(32))) == nil)
    }
}

@Test func `what is no photo is refused in words, and nothing of it is kept`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let text = try await client.send(photo: Array("../../etc/passwd".utf8), token: rider)
        #expect(text.status == 422)
        #expect(text.json["errors"]?.array?.first?["message"]?.string?.contains("send JPEG or PNG") == true)
        let cut = try await client.send(photo: Array(try jpeg().dropLast(400)), token: rider)
        #expect(cut.status == 422)
        let large = try await client.send(photo: [UInt8](repeating: 0xFF, count: PhotoRoutes.largest + 1), token: rider)
        #expect(large.status == 413)
        #expect(try await client.send(photo: try jpeg(), token: nil).status == 401)
        #expect(
            !FileManager.default.fileExists(
                atPath: intake.folder.appending(path: "photos").path(percentEncoded: false)))
        for id in ["..", "a", String(repeating: "A", count: 64), String(repeating: "0", count: 64)] {
            #expect(try await client.fetch("/v1/photos/\(id)", token: rider).status == 404)
        }
    }
}

@Test func `a report names its photos, and the topic says what they look like`() async throws {
    try await IntakeUnderTest.run(pack: .town) { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let ids = try await [90, 60].asyncMap { quality in
            try #require(
                try await client.send(photo: try jpeg(quality: quality), token: rider).json["photoId"]?.string)
        }
        let answer = try await client.report(.report(["photos": .array(ids.map { .string($0) })]), token: rider)
        let photos = try #require(try intake.outbox().first?.data.photos)

        #expect(answer.status == 201)
        #expect(photos.map(\.id.rawValue) == ids)
        #expect(photos.allSatisfy { $0.look == DifferenceHash(picture).description })
        let id = try #require(answer.json["reportId"]?.string)
        #expect(try await client.look(id, token: rider).json["photos"] == .array(ids.map { .string($0) }))
    }
}

@Test func `a photo that is not there, or that somebody else sent, is named`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let (rider, other) = (try await intake.token("rider-7", .rider), try await intake.token("rider-8", .rider))
        let theirs = try #require(try await client.send(photo: try jpeg(), token: other).json["photoId"]?.string)
        let nobodys = String(repeating: "0", count: 64)
        func answer(_ photos: String...) async throws -> Answer {
            try await client.report(.report(["photos": .array(photos.map { .string($0) })]), token: rider)
        }

        #expect(try await answer(theirs, nobodys).wrongFields == ["photos[0]", "photos[1]"])
        #expect(try await answer("../x").wrongFields == ["photos"])
        #expect(try await answer(theirs, theirs).wrongFields == ["photos"])
        #expect(try intake.count("report") == 0)
        // Whoever has the photo, too, may report with it.
        _ = try await client.send(photo: try jpeg(), token: rider)
        #expect(try await answer(theirs).status == 201)
        let lines = [JSONValue.report(["photos": [.string(nobodys)]]).text(), JSONValue.report().text()]
        let stream = try await client.stream(lines, token: rider)
        #expect(stream.lines.map { $0["status"] } == ["rejected", "accepted"])
    }
}

@Test(.enabled(if: MotoServer.isInstalled, Comment(rawValue: MotoServer.absence)))
func `photos lie in a bucket, and while it does not answer their senders are asked to come again`() async throws {
    try await MotoServer.running { server in
        try await server.makeBucket("photos")
        let place = try ObjectPlace(
            text: "s3://photos/town",
            environment: [
                "S3_ENDPOINT": server.endpoint, "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "secret",
            ])
        let store = try place.open()
        try await IntakeUnderTest.run(photoStore: store) { intake, client in
            let rider = try await intake.token("rider-7", .rider)
            let id = try #require(try await client.send(photo: try jpeg(), token: rider).json["photoId"]?.string)
            let names = try await store.list("photos/\(id)/").map { $0.key.split(separator: "/")[2] }
            #expect(names.sorted() == ["about.json", "by", "original.sealed", "shown.jpg", "thumbnail.jpg"])
            #expect(try await client.fetch("/v1/photos/\(id)", token: rider).status == 200)

            server.killNine()
            let away = try await client.send(photo: try jpeg(quality: 50), token: rider)
            #expect(away.status == 503)
            #expect(away.headers[.retryAfter] == "10")
            let report = try await client.report(.report(["photos": [.string(id)]]), token: rider)
            #expect(report.status == 503)
            #expect(try await client.report(.report(), token: rider).status == 201, "without photos all goes on")
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
