import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Photos
import ServiceKit
import TestSupport
import Testing

@testable import ReportIntake

/// What is there before the corpus comes, for requests to name.
struct FuzzGround: Sendable {
    let tokens: [String]
    let badTokens: [String]
    let reports: [String]
    let links: [String]
    let photos: [String]
    /// A photo; what follows its end changes what it is called, and nothing else.
    let jpeg: [UInt8]
    let tone = SampleSound.tone(seconds: 0.1)
    let voiceNotes: [String]
    /// Nonces of the rider who sends first, and what is none.
    let nonces: [String]
    /// What lies on the shelves before the corpus comes.
    let files: Set<String>
    let photoBytes: [[UInt8]]
    /// Paths of photos.
    let pictures: [String]
    let otherDoors = [
        "/health/live", "/health/ready", "/metrics", "/openapi.json", "/v1/captures", "/v1/categories",
        "/v1/landmarks?q=门", "/v1/landmarks?latitude=28.68&longitude=115.85", "/open311/v2/services/P0101.xml",
        "/v1/voice-notes", "/v1/voice-notes/\(String(repeating: "a", count: 64))", "/", "/v1", "/v2/reports", "/admin",
    ]

    private static let key = "ssp_" + String(repeating: "ab", count: 32)
    private static let slowKey = "ssp_" + String(repeating: "ef", count: 32)

    init(_ intake: IntakeUnderTest, _ client: any TestClientProtocol) async throws {
        try await intake.read(
            [
                PlatformKeyGranted(
                    keyId: "k-1", platform: "meituan", hash: PlatformKey.hash(of: Self.key), perMinute: nil),
                PlatformKeyGranted(
                    keyId: "k-2", platform: "slow", hash: PlatformKey.hash(of: Self.slowKey), perMinute: 600),
            ], into: PlatformKeys())
        let key = try DataFolderKey.load(.jwt, in: intake.folder)
        // However long the corpus takes.
        let issuer = await TokenIssuer(key: key, now: { Date() })
        let roles: [Role] = [.rider, .resident, .platform, .admin, .verifier, .worker]
        var tokens: [String] = []
        for role in roles {
            tokens.append(try await issuer.issue(subject: "\(role)-7", roles: [role], lifetime: .seconds(86_400)))
        }
        let early = await TokenIssuer(key: key, now: { Date(timeIntervalSinceNow: -86_400) })
        let old = try await early.issue(subject: "rider-7", roles: [.rider], lifetime: .seconds(60))
        let rider = tokens[0]
        badTokens = [
            old, String(rider.dropLast()), "\(rider)a", "ssp_0", "a.b.c", "", String(repeating: "a", count: 5_000),
        ]

        let picture = Picture(width: 16, height: 16, pixels: (0..<16 * 16 * 3).map { UInt8(truncatingIfNeeded: $0) })
        let jpeg = try JPEGWriter.write(picture, quality: 80)
        self.jpeg = jpeg
        photoBytes = [jpeg, Array(jpeg.dropLast(20)), [0x89, 0x50, 0x4E, 0x47], []]
        let sent = try await client.execute(
            uri: "/v1/photos", method: .post, headers: [.authorization: "Bearer \(rider)"],
            body: ByteBuffer(bytes: jpeg)
        ) { Answer($0) }
        let photo = try #require(sent.json["photoId"]?.string)
        photos = [photo, String(repeating: "0", count: 64)]
        let note = try await client.send(voiceNote: SampleSound.wav(tone), token: rider)
        let noteId = try #require(note.json["voiceNoteId"]?.string)
        voiceNotes = [noteId, String(repeating: "0", count: 64)]
        files = [photo, noteId]
        var nonces = ["n"]
        for _ in 0..<20 {
            let opened = try await client.execute(
                uri: "/v1/captures", method: .post, headers: [.authorization: "Bearer \(rider)"], body: nil
            ) { Answer($0) }
            nonces.append(try #require(opened.json["nonce"]?.string))
        }
        self.nonces = nonces
        pictures = [
            "/v1/photos/\(photo)", "/v1/photos/\(photo)?form=thumbnail", "/v1/photos/\(photo)?form=x",
            "/v1/photos/\(photo)/original", "/open311/v2/\(intake.core.desk.media.path(of: PhotoID(photo)))",
        ]
        var reports: [String] = []
        for number in 1...10 {
            let fields: [String: JSONValue] = ["identity": number % 2 == 0 ? "anonymous" : "pseudonymous"]
            let answer = try await client.report(.report(fields), token: rider)
            reports.append(try #require(answer.json["reportId"]?.string))
        }
        links = reports.compactMap { MessageID($0) }.map(intake.core.desk.links.code)
        self.reports = reports
        self.tokens = tokens + [Self.key, Self.slowKey]
        try await intake.read([
            .sample("case-1", version: 2, stage: .filed, reports: [ReportID(reports[0])]),
            .sample("case-2", version: 3, stage: .closed, reports: [ReportID(reports[1])]),
        ])
    }
}
