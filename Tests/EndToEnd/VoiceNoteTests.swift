import Contracts
import Foundation
import TestSupport
import Testing

/// A voice note through real processes: sent, named by a report, told of on the topic, and in a backup.
@Suite(.serialized, .timeLimit(.minutes(10))) struct VoiceNoteTests {
    private struct Taken: Decodable, Sendable {
        let voiceNoteId: String
        let seconds: Int
    }

    private struct Report: Decodable, Sendable {
        let reportId: String
        let voiceNotes: [String]?
    }

    private struct Sent: Sendable {
        let reportId: String
        let noteId: String
        let heard: Data
    }

    @Test func `a voice note and its report come back from a backup`() async throws {
        let deployment = try Deployment()
        let backup = deployment.folder.url.appending(path: "backup").path(percentEncoded: false)
        let sent = try await deployment.running { deployment in
            let sent = try await Self.report(deployment)
            let answer = try await deployment.suishoupai("backup", "--data", deployment.data, "--to", backup)
            #expect(answer.status == 0, "\(answer.output)")
            return sent
        }
        let place = deployment.folder.url.appending(path: "restored")
        let back = try await deployment.suishoupai(
            "restore", "--from", backup, "--data", place.path(percentEncoded: false))
        #expect(back.status == 0, "\(back.output)")

        try await Deployment(goingOnWith: place).running { restored in
            let rider = try await restored.token("rider", "rider-1")
            let verifier = try await restored.token("verifier", "verifier-1")
            let view = try await restored.get("report-intake", "/v1/reports/\(sent.reportId)", token: rider)
            #expect(try view.json(Report.self).voiceNotes == [sent.noteId])
            let note = "/v1/voice-notes/\(sent.noteId)"
            #expect(try await restored.get("report-intake", note, token: rider).body == sent.heard)
            let original = try await restored.get("report-intake", "\(note)/original", token: verifier)
            #expect(original.body == Data(Self.note), "the key that opens it came along")
        }
    }

    private static let note = SampleSound.wav(SampleSound.tone(seconds: 4.2))

    private static func report(_ deployment: Deployment) async throws -> Sent {
        let rider = try await deployment.token("rider", "rider-1")
        let answer = try await deployment.post("report-intake", "/v1/voice-notes", token: rider, bytes: note)
        #expect(answer.status == 201, "\(answer.text)")
        let taken = try answer.json(Taken.self)
        #expect(taken.seconds == 5)
        let place = try deployment.place(in: "mingdu")
        let accepted = try await deployment.post(
            "report-intake", "/v1/reports", token: rider,
            json: """
                {"description": "听录音", "category": "E0102", "voiceNotes": ["\(taken.voiceNoteId)"],
                 "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}
                """)
        #expect(accepted.status == 201, "\(accepted.text)")
        let heard = try await deployment.get("report-intake", "/v1/voice-notes/\(taken.voiceNoteId)", token: rider)
        return Sent(
            reportId: try accepted.json(Report.self).reportId, noteId: taken.voiceNoteId, heard: heard.body)
    }
}
