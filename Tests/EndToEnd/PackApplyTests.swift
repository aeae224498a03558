import Contracts
import Foundation
import PackFolder
import TestSupport
import Testing

/// A pack is changed while the system runs: what is decided from then on follows it, and nothing is stopped.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PackApplyTests {
    /// A copy of the demo's pack with changes to its files.
    private static func pack(
        _ name: String, in folder: TemporaryFolder, changing files: [String: (String) -> String]
    ) throws -> URL {
        let pack = folder.url.appending(path: name)
        try FileManager.default.copyItem(at: Deployment.root.appending(path: "deploy/packs/nanchang"), to: pack)
        for (file, change) in files {
            let url = pack.appending(path: file)
            let text = try String(contentsOf: url, encoding: .utf8)
            let changed = change(text)
            #expect(changed != text, "\(file) was changed")
            try changed.write(to: url, atomically: true, encoding: .utf8)
        }
        return pack
    }

    /// With a category of its own, an owner for it, and 33 points.
    private static func richerPack(in folder: TemporaryFolder) throws -> URL {
        try pack(
            "richer", in: folder,
            changing: [
                "pack.yaml": { $0.replacing("version: 1", with: "version: 2") },
                "categories.csv": { $0 + "E0999,驿站彩蛋,Easter egg,snapshot,1w,4w,彩蛋,,false\n" },
                "routing.txt": { "R01: E0999 -> parks\n" + $0 },
                "points.yaml": {
                    $0.replacing(
                        "  - rule: P1\n",
                        with: "  - rule: P0\n    name: 彩蛋\n    for: [E0999]\n    points: 33\n  - rule: P1\n")
                },
            ])
    }

    private static func hash(of pack: URL) throws -> String {
        Pack.hash(of: try ContractCoding.encode(try PackFolder.load(pack)))
    }

    private static func apply(_ pack: URL, to deployment: Deployment) async throws -> Deployment.Answer {
        try await deployment.suishoupai(
            "pack", "apply", pack.path(percentEncoded: false), "--data", deployment.data)
    }

    private static func expectInForce(_ hash: String, _ deployment: Deployment) throws {
        for processor in TopicCatalogue.processors {
            #expect(try deployment.packsInForce(in: processor) == Array(repeating: hash, count: 4), "\(processor)")
        }
        #expect(Pack.hash(of: try ContractCoding.encode(try deployment.keptPack())) == hash)
    }

    @Test func `what is reported after a pack was applied follows its rules, and each partition has answered`()
        async throws
    {
        let deployment = try Deployment()
        let richer = try Self.richerPack(in: deployment.folder)
        let (first, second) = (try Self.hash(of: deployment.pack), try Self.hash(of: richer))
        try await deployment.running { deployment in
            let before = try await deployment.caseOfReport(by: "rider-1", "E0999", key: "before")
            #expect(before.category == "S0105")
            #expect(before.ownerUnitId == "mingdu-committee")

            let applied = try await Self.apply(richer, to: deployment)
            #expect(applied.status == 0, "\(applied.output)")
            #expect(applied.output == "✓ pack nanchang 2 is in force everywhere\n")
            try Self.expectInForce(second, deployment)
            for processor in TopicCatalogue.processors {
                #expect(try deployment.answers(to: second, by: processor).sorted() == [0, 1, 2, 3])
            }

            let after = try await deployment.caseOfReport(by: "rider-2", "E0999", key: "after")
            #expect(after.category == "E0999")
            #expect(after.ownerUnitId == "parks")
            try await deployment.act(
                #"{"action": "file"}"#, on: after.caseId, token: try await deployment.token(anybody: "dispatcher"))
            try await eventually("the new rule's points are promised") {
                try await deployment.points(of: "rider-2").pending == 33
            }

            // A broker that lost everything gets the pack that was applied, not the one of the start.
            try await deployment.killNine("embedded-broker")
            let later = try await deployment.caseOfReport(by: "rider-3", "E0999", key: "later", metresNorth: 200)
            #expect(later.ownerUnitId == "parks")

            let back = try await Self.apply(deployment.pack, to: deployment)
            #expect(back.status == 0, "\(back.output)")
            try Self.expectInForce(first, deployment)
            let atLast = try await deployment.caseOfReport(by: "rider-4", "E0999", key: "last", metresNorth: 400)
            #expect(atLast.category == "S0105")

            let audit = try await deployment.suishoupai("audit", "--data", deployment.data, "--wait", "60", "--replay")
            #expect(audit.status == 0, "\(audit.output)")
        }
    }

    @Test func `a pack with errors is refused with every one of them, and changes nothing`() async throws {
        let deployment = try Deployment()
        let broken = try Self.pack(
            "broken", in: deployment.folder,
            changing: [
                "routing.txt": { $0.replacing("-> water", with: "-> nobody") },
                "categories.csv": { $0 + "E0998,坏,Bad,snapshot,soon,4w,,,false\n" },
            ])
        let hash = try Self.hash(of: deployment.pack)
        let nothingRuns = try await Self.apply(deployment.pack, to: deployment)
        #expect(nothingRuns.status == 2)
        #expect(nothingRuns.output.contains("Nothing runs on"))
        try await deployment.running { deployment in
            let answer = try await Self.apply(broken, to: deployment)

            #expect(answer.status == 1)
            #expect(answer.output.contains("nobody"), "\(answer.output)")
            #expect(answer.output.contains("soon"), "\(answer.output)")
            try Self.expectInForce(hash, deployment)
            let view = try await deployment.caseOfReport(by: "rider-1", "E0102", key: "as-before")
            #expect(view.ownerUnitId == "mingdu-property")
        }
    }
}
