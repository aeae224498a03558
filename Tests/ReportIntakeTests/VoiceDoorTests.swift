import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import ObjectStore
import Photos
import ServiceKit
import TestSupport
import Testing
import Voice

@testable import ReportIntake

/// A note that nobody else sends: as long as it is said.
private func note(_ seconds: Double) -> [UInt8] {
    SampleSound.wav(SampleSound.tone(seconds: seconds), more: SampleSound.chunk("LIST", Array("INFO at home".utf8)))
}

extension TestClientProtocol {
    fileprivate func sent(_ seconds: Double, token: String) async throws -> String {
        try #require(try await send(voiceNote: note(seconds), token: token).json["voiceNoteId"]?.string)
    }
}

private func strings(_ texts: String...) -> JSONValue { .array(texts.map { .string($0) }) }

@Test func `a voice note is taken in once, and others hear it made anew`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let first = try await client.send(voiceNote: note(2.5), token: rider)
        let again = try await client.send(voiceNote: note(2.5), token: rider)
        let id = try #require(first.json["voiceNoteId"]?.string)

        #expect(first.status == 201 && first.json["seconds"] == .integer(3))
        #expect(first.headers[.location] == "/v1/voice-notes/\(id)")
        #expect(again.json == first.json)
        let heard = try await client.fetch("/v1/voice-notes/\(id)", token: rider)
        #expect(heard.status == 200 && heard.headers[.contentType] == "audio/flac")
        #expect(heard.headers[.xContentTypeOptions] == "nosniff")
        #expect(try VoiceReader.read(heard.bytes) == VoiceReader.read(note(2.5)))
        #expect(!heard.bytes.contains("at home".utf8))
        #expect(try await client.fetch("/v1/voice-notes/\(id)", token: nil).status == 401)
    }
}

@Test func `a voice note as it was sent is for verifiers, and lies sealed on the disk`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let id = try await client.sent(1, token: rider)

        #expect(try await client.fetch("/v1/voice-notes/\(id)/original", token: rider).status == 403)
        let verifier = try await intake.token("verifier-1", .verifier)
        let original = try await client.fetch("/v1/voice-notes/\(id)/original", token: verifier)
        #expect(original.bytes == note(1) && original.headers[.contentType] == "audio/wav")
        let sealed = try Data(contentsOf: intake.folder.appending(path: "voice-notes/\(id)/original.sealed"))
        #expect(sealed.firstRange(of: Data("at home".utf8)) == nil)
    }
}

@Test func `what is no voice note is refused in words, and nothing of it is kept`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let rider = try await intake.token("rider-7", .rider)
        let webm = try await client.send(voiceNote: [0x1A, 0x45, 0xDF, 0xA3, 1, 2, 3, 4], token: rider)
        #expect(webm.status == 422)
        #expect(
            webm.json["errors"]?.array?.first?["message"]
                == "is WebM, which cannot be read here: send WAV, FLAC, Ogg (Opus) or MP3")
        #expect(try await client.send(voiceNote: note(61), token: rider).status == 422)
        #expect(try await client.send(voiceNote: Array(note(1).dropLast(2)), token: rider).status == 422)
        let large = try await client.send(
            voiceNote: [UInt8](repeating: 0, count: KeptVoiceNote.kind.largest + 1), token: rider)
        #expect(large.status == 413)
        #expect(large.json["detail"] == "A voice note has at most 6 MB: send a smaller one.")
        #expect(try await client.send(voiceNote: note(1), token: nil).status == 401)
        let worker = try await intake.token("worker-1", .worker)
        #expect(try await client.send(voiceNote: note(1), token: worker).status == 403)
        #expect(
            !FileManager.default.fileExists(
                atPath: intake.folder.appending(path: "voice-notes").path(percentEncoded: false)))
        for id in ["..", "a", String(repeating: "0", count: 64)] {
            #expect(try await client.fetch("/v1/voice-notes/\(id)", token: rider).status == 404)
        }
    }
}

@Test func `a report names its voice notes, the topic says how long they are, and a restart keeps them`() async throws {
    try await IntakeUnderTest.inFolder { folder in
        let answered = KeptValue<(report: String, notes: JSONValue)?>(nil)
        try await IntakeUnderTest.run(in: folder, pack: .town) { intake, client in
            let rider = try await intake.token("rider-7", .rider)
            let ids = [try await client.sent(2.5, token: rider), try await client.sent(60, token: rider)]
            let notes = JSONValue.array(ids.map { .string($0) })
            let answer = try await client.report(.report(["voiceNotes": notes]), token: rider)
            #expect(answer.status == 201)
            let told = try intake.outbox().first?.data.voiceNotes
            #expect(
                told == [
                    VoiceNote(id: VoiceNoteID(ids[0]), seconds: 3), VoiceNote(id: VoiceNoteID(ids[1]), seconds: 60),
                ])
            answered.set((try #require(answer.json["reportId"]?.string), notes))
        }
        try await IntakeUnderTest.run(in: folder) { intake, client in
            let rider = try await intake.token("rider-7", .rider)
            let (report, notes) = try #require(answered.value)
            #expect(try await client.look(report, token: rider).json["voiceNotes"] == notes)
        }
    }
}

@Test func `each photo and voice note that is not the sender's is named`() async throws {
    try await IntakeUnderTest.run { intake, client in
        let (rider, other) = (try await intake.token("rider-7", .rider), try await intake.token("rider-8", .rider))
        let (own, theirs) = (try await client.sent(1, token: rider), try await client.sent(2, token: other))
        let nobodys = String(repeating: "0", count: 64)
        let report = JSONValue.report(["voiceNotes": strings(own, theirs, nobodys), "photos": strings(own)])

        let answer = try await client.report(report, token: rider)
        #expect(answer.wrongFields == ["photos[0]", "voiceNotes[1]", "voiceNotes[2]"])
        #expect(
            answer.json["errors"]?.array?.last?["message"]
                == "is no voice note of yours: send it to /v1/voice-notes first")
        let preview = try await client.execute(
            uri: "/v1/reports/preview", method: .post, headers: [.authorization: "Bearer \(rider)"],
            body: ByteBuffer(string: report.text())
        ) { Answer($0) }
        #expect(preview.wrongFields == answer.wrongFields)
        let four = try await client.report(
            .report(["voiceNotes": strings(own, theirs, nobodys, String(repeating: "1", count: 64))]), token: rider)
        #expect(four.wrongFields == ["voiceNotes"])
        #expect(try intake.count("report") == 0)
    }
}

@Test(.enabled(if: MotoServer.isInstalled, Comment(rawValue: MotoServer.absence)))
func `voice notes lie in a bucket, and while it does not answer their senders are asked to come again`() async throws {
    try await MotoServer.running { server in
        try await server.makeBucket("notes")
        let place = try ObjectPlace(
            text: "s3://notes/town",
            environment: [
                "S3_ENDPOINT": server.endpoint, "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "secret",
            ])
        let store = try place.open()
        try await IntakeUnderTest.run(photoStore: store) { intake, client in
            let rider = try await intake.token("rider-7", .rider)
            let id = try await client.sent(1, token: rider)
            let names = try await store.list("voice-notes/\(id)/").map { $0.key.split(separator: "/")[2] }
            #expect(names.sorted() == ["about.json", "by", "heard.flac", "original.sealed"])
            #expect(try await client.fetch("/v1/voice-notes/\(id)", token: rider).status == 200)

            server.killNine()
            let away = try await client.send(voiceNote: note(2), token: rider)
            #expect(away.status == 503)
            #expect(
                away.json["detail"]
                    == "The place where voice notes are kept does not answer. Send it again later.")
            let report = try await client.report(.report(["voiceNotes": strings(id)]), token: rider)
            #expect(report.status == 503)
        }
    }
}
