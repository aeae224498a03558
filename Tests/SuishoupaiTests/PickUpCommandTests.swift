import Foundation
import ServiceKit
import TestSupport
import Testing

private struct Pass {
    let folder: TemporaryFolder
    let token: String
    let key: String
    let seen: String

    init(expiresIn seconds: Double = 600) async throws {
        folder = try TemporaryFolder()
        let secret = PickUpSecret(try DataFolderKeys(.pickUp, in: folder.url))
        token = try await secret.token(
            of: PickUpPass(
                order: "order-1", station: "mingdu-station", lines: [PickUpPass.Line(prize: "helmet", count: 2)],
                expiresAt: Date(timeIntervalSinceNow: seconds)))
        let file = folder.url.appending(path: "key.json")
        try Data(try secret.publicKeys().bytes()).write(to: file)
        key = file.path(percentEncoded: false)
        seen = folder.url.appending(path: "seen.txt").path(percentEncoded: false)
    }
}

@Suite(.enabled(if: Program.isBuilt, "suishoupai is not built"))
struct `a pass at a station without a net` {
    @Test func `is good once`() async throws {
        let pass = try await Pass()
        let check = ["pick-up", "check", pass.token, "--key", pass.key, "--station", "mingdu-station"]

        let first = try await Program.run(check + ["--seen", pass.seen])
        #expect(first.status == 0 && first.output.contains("2 × helmet"), "\(first.output)")
        let twice = try await Program.run(check + ["--seen", pass.seen])
        #expect(twice.status == 1 && twice.output.contains("handed over here before"), "\(twice.output)")
        let json = try await Program.run(check + ["--json"])
        #expect(json.status == 0 && json.output.contains(#""order":"order-1""#), "\(json.output)")
    }

    @Test func `is not good elsewhere, too late or changed`() async throws {
        let pass = try await Pass()
        let old = try await Pass(expiresIn: -1)
        let other = try await Pass()

        let elsewhere = try await Program.run(
            "pick-up", "check", pass.token, "--key", pass.key, "--station", "wuyue-station")
        #expect(elsewhere.status == 1 && elsewhere.output.contains("for the station mingdu-station"))
        let late = try await Program.run("pick-up", "check", old.token, "--key", old.key)
        #expect(late.status == 1 && late.output.contains("was over"))
        let foreign = try await Program.run("pick-up", "check", other.token, "--key", pass.key)
        #expect(foreign.status == 1 && foreign.output.contains("not made by this system"))
        let keyless = try await Program.run("pick-up", "check", pass.token, "--key", pass.key + "x")
        #expect(keyless.status == 2, "\(keyless.output)")
    }
}
