import AsyncHTTPClient
import Foundation
import ServiceLifecycle
import ServiceLifecycleTestKit
import TestSupport
import Testing

@testable import Suishoupai

/// Shell scripts that the supervisor keeps, and the traces that they leave.
private struct Nursery: Sendable {
    let folder: TemporaryFolder
    let runFile: RunFile

    init() throws {
        folder = try TemporaryFolder()
        runFile = RunFile(folder.url.appending(path: "run.json"))
    }

    /// A child that runs the script; `$1` is the folder.
    func keeper(_ name: String, _ script: String, hasAddress: Bool = false) throws -> ChildKeeper {
        let file = folder.url.appending(path: "\(name).sh")
        try script.write(to: file, atomically: true, encoding: .utf8)
        return ChildKeeper(
            child: ChildProgram(
                name: name, replica: 1, executable: URL(filePath: "/bin/sh"),
                arguments: [file.path, folder.url.path],
                addressFile: hasAddress ? folder.url.appending(path: "\(name).json") : nil,
                logFile: folder.url.appending(path: "logs/\(name).log"), environment: ["MOOD": "calm"]),
            runFile: runFile, console: Console(isQuiet: true), http: .shared)
    }

    /// The lines that a script wrote into a file of the folder.
    func lines(_ name: String) throws -> [String] {
        let file = folder.url.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// Runs the keepers while the body runs, and returns once they have stopped.
    func run(_ keepers: [any Service], _ body: @Sendable @escaping () async throws -> Void) async throws {
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for keeper in keepers { group.addTask { try await keeper.run() } }
                let outcome: Result<Void, any Error>
                do {
                    outcome = .success(try await body())
                } catch {
                    outcome = .failure(error)
                }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
                try outcome.get()
            }
        }
    }

    static func isAlive(_ pid: String) -> Bool { Int32(pid).map { kill($0, 0) == 0 } ?? false }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct `the supervisor` {
    @Test func `starts again what dies, with pauses that grow`() async throws {
        let nursery = try Nursery()
        let keeper = try nursery.keeper("mortal", "date +%s%N >> $1/starts\necho $MOOD\nexit 3")

        try await nursery.run([keeper]) {
            try await eventually("five starts") { try nursery.lines("starts").count >= 5 }
        }

        let starts = try nursery.lines("starts").compactMap(Int.init)
        let gaps = zip(starts, starts.dropFirst()).map { ($1 - $0) / 1_000_000 }
        for (gap, pause) in zip(gaps, [100, 200, 400, 800]) { #expect(gap >= pause, "\(gaps)") }
        #expect(try nursery.lines("logs/mortal.log").prefix(2) == ["calm", "calm"])
        #expect(nursery.runFile.current.services.isEmpty)
    }

    @Test func `tells where a child is once it has said so, and forgets it when it is gone`() async throws {
        let nursery = try Nursery()
        let keeper = try nursery.keeper(
            "speaker",
            """
            echo "{\\"pid\\": $$, \\"url\\": \\"http://127.0.0.1:1\\"}" > $1/speaker.json
            exec sleep 60
            """, hasAddress: true)

        try await nursery.run([keeper]) {
            try await eventually("the address is told") {
                nursery.runFile.current.services["speaker"]?.url == "http://127.0.0.1:1"
            }
        }
        #expect(nursery.runFile.current.services.isEmpty)
    }

    @Test func `does not believe the address of a process that was there before`() async throws {
        let nursery = try Nursery()
        try Data(#"{"pid": 1, "url": "http://127.0.0.1:1"}"#.utf8).write(
            to: nursery.folder.url.appending(path: "mute.json"))
        let keeper = try nursery.keeper("mute", "echo up > $1/up\nexec sleep 60", hasAddress: true)

        try await nursery.run([keeper]) {
            try await eventually("the child runs") { try !nursery.lines("up").isEmpty }
            #expect(try nursery.lines("mute.json") == [])
            #expect(nursery.runFile.current.services["mute"]?.url == nil)
        }
    }

    @Test func `kills a child that does not answer any more, and starts it again`() async throws {
        let nursery = try Nursery()
        // Nobody listens at its address, and it does not mind being asked to stop.
        let keeper = try nursery.keeper(
            "stuck",
            """
            trap '' TERM
            echo $$ >> $1/pids
            echo "{\\"pid\\": $$, \\"url\\": \\"http://127.0.0.1:1\\"}" > $1/stuck.json
            while true; do sleep 1; done
            """, hasAddress: true)

        try await nursery.run([keeper]) {
            try await eventually("it was killed and started again", within: .seconds(60)) {
                try nursery.lines("pids").count >= 2
            }
            #expect(!Nursery.isAlive(try #require(try nursery.lines("pids").first)))
        }
    }

    @Test func `stops the children of a group all at once`() async throws {
        let nursery = try Nursery()
        // Each goes only when the other was asked to go, too.
        let names = ["left", "right"]
        let keepers = try zip(names, names.reversed()).map { name, other in
            try nursery.keeper(
                name,
                """
                trap 'echo bye > $1/\(name).asked; until [ -e $1/\(other).asked ]; do sleep 0.05; done
                echo bye > $1/\(name).gone; exit 0' TERM
                echo $$ > $1/\(name)
                while true; do sleep 0.1; done
                """)
        }

        try await nursery.run([ChildGroup(keepers: keepers)]) {
            try await eventually("both run") { try names.allSatisfy { try !nursery.lines($0).isEmpty } }
        }

        #expect(try names.allSatisfy { try nursery.lines("\($0).gone") == ["bye"] })
    }

    @Test func `stops all children, those that go by themselves and those that must be made to`() async throws {
        let nursery = try Nursery()
        let keepers = [
            try nursery.keeper(
                "polite", "echo $$ > $1/polite\ntrap 'echo bye > $1/bye; exit 0' TERM\nwhile true; do sleep 0.1; done"),
            try nursery.keeper("stubborn", "echo $$ > $1/stubborn\ntrap '' TERM\nwhile true; do sleep 1; done"),
        ]

        try await nursery.run(keepers) {
            try await eventually("both run") {
                try !nursery.lines("polite").isEmpty && !nursery.lines("stubborn").isEmpty
            }
        }

        #expect(try nursery.lines("bye") == ["bye"])
        for name in ["polite", "stubborn"] {
            #expect(!Nursery.isAlive(try #require(try nursery.lines(name).first)), "\(name)")
        }
    }
}
