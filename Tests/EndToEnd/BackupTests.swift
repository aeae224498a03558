import Contracts
import Foundation
import TestSupport
import Testing

/// A backup under load becomes a deployment again, which goes on from the moment of the backup.
@Suite(.serialized, .timeLimit(.minutes(10))) struct BackupTests {
    private struct Taken: Decodable, Sendable {
        let moment: String
        let lockedMilliseconds: Int
        let stores: Int
    }

    private struct Books: Decodable {
        struct Law: Decodable {
            let law: String
            let checked: Int
            let brokenCount: Int
        }

        let laws: [Law]

        subscript(law: String) -> Law? { laws.first { $0.law == law } }
    }

    @Test func `a backup taken under load, brought back, is an earlier state that goes on as if nothing had been`()
        async throws
    {
        let deployment = try Deployment()
        let backup = deployment.folder.url.appending(path: "backup").path(percentEncoded: false)
        try await deployment.running { deployment in
            async let played = deployment.suishoupai(
                "simulate", "--data", deployment.data, "--reports", "120", "--rate", "10", "--staff", "--seed", "77")
            try await eventually("40 reports are accepted", within: .seconds(120)) {
                try deployment.acceptedCount() >= 40
            }
            let answer = try await deployment.suishoupai(
                "backup", "--data", deployment.data, "--to", backup, "--json")
            #expect(answer.status == 0, "\(answer.output)")
            let taken = try JSONDecoder().decode(Taken.self, from: Data(answer.output.utf8))
            print("backup: \(taken.stores) stores, writers held for \(taken.lockedMilliseconds) ms")
            let load = try await played
            #expect(load.status == 0, "\(load.output)")
            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60")
            #expect(audit.status == 0, "nobody was disturbed: \(audit.output)")
        }
        let inBackup = try await Self.books(backup)
        // What one machine knows of another's words must have been said: no picture of several moments would show that.
        #expect(inBackup["every award traces to a case event"]?.brokenCount == 0)
        #expect(inBackup["every stream is numbered without gaps"]?.brokenCount == 0)
        let placed = inBackup["every accepted report is in exactly one case, or was withdrawn from it"]
        let accepted = try #require(placed?.checked)
        #expect(accepted >= 40)
        #expect(try deployment.acceptedCount() > accepted)

        let place = deployment.folder.url.appending(path: "restored")
        let back = try await deployment.suishoupai(
            "restore", "--from", backup, "--data", place.path(percentEncoded: false))
        #expect(back.status == 0, "\(back.output)")

        try await Self.goOn(try Deployment(goingOnWith: place), accepted: accepted)
    }

    @Test func `a backup of hosts with folders of their own goes on as one folder`() async throws {
        let deployment = try Deployment()
        let backup = deployment.folder.url.appending(path: "backup").path(percentEncoded: false)
        try await deployment.running(["--own-folders", "--replicas", "case-routing=2", "--replicas", "points=2"]) {
            deployment in
            async let played = deployment.suishoupai(
                "simulate", "--data", deployment.data, "--reports", "40", "--rate", "10", "--staff", "--seed", "79")
            try await eventually("some reports are accepted", within: .seconds(120)) {
                try deployment.acceptedCount(on: "host-1/") >= 15
            }
            let answer = try await deployment.suishoupai("backup", "--data", deployment.data, "--to", backup)
            #expect(answer.status == 0, "\(answer.output)")
            let load = try await played
            #expect(load.status == 0, "\(load.output)")
        }
        let accepted = try #require(try await Self.books(backup)["every accepted report is answered"]?.checked)

        let place = deployment.folder.url.appending(path: "restored")
        let back = try await deployment.suishoupai(
            "restore", "--from", backup, "--data", place.path(percentEncoded: false), "--one-folder")
        #expect(back.status == 0, "\(back.output)")

        try await Self.goOn(try Deployment(goingOnWith: place), accepted: accepted)
    }

    private static func goOn(_ restored: Deployment, accepted: Int) async throws {
        try await restored.running { restored in
            let rest = try await restored.suishoupai("audit", "--data", restored.data, "--wait", "60", "--replay")
            #expect(rest.status == 0, "what was under way comes to its end: \(rest.output)")
            #expect(try restored.acceptedCount() == accepted)

            let load = try await restored.suishoupai(
                "simulate", "--data", restored.data, "--reports", "15", "--rate", "10", "--staff", "--seed", "78")
            #expect(load.status == 0, "\(load.output)")
            let audit = try await restored.suishoupai("audit", "--data", restored.data, "--wait", "60", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
            #expect(try restored.acceptedCount() == accepted + 15)
        }
    }

    private static func books(_ data: String) async throws -> Books {
        let answer = try await Deployment.suishoupai(["audit", "--data", data, "--json"])
        return try JSONDecoder().decode(Books.self, from: Data(answer.output.utf8))
    }
}
