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
