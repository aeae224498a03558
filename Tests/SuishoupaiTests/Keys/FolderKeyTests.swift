import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Suishoupai

@Suite(.timeLimit(.minutes(2))) struct FolderKeyTests {
    private static let noon = Timestamp(milliseconds: 1_790_000_000_000)
    private static let day: Int64 = 86_400_000

    private static func desk(_ folder: TemporaryFolder) -> FolderKeyDesk {
        FolderKeyDesk(folder: DataFolder(folder.url.path(percentEncoded: false)))
    }

    @Test func `a key is exchanged, the former is believed for its time, and goes by itself or when it is retired`()
        throws
    {
        let folder = try TemporaryFolder()
        let desk = Self.desk(folder)
        let first = try DataFolderKey.load(.sessions, in: folder.url)

        let rotated = try desk.rotate(.sessions, leadMinutes: 0, graceHours: nil, at: Self.noon)
        let end = Self.noon.adding(milliseconds: Self.day)
        let second = try #require(rotated.signs)
        #expect(second != first.label)
        #expect(rotated.believed == [.init(label: first.label, signsFrom: nil, until: end)])
        #expect(try desk.states(at: end).first { $0.name == "sessions" }?.believed == [])

        let retired = try desk.retire(.sessions, at: Self.noon)
        #expect(retired.signs == second && retired.believed.isEmpty)
        #expect(try desk.retire(.sessions, at: Self.noon) == retired, "a second time changes nothing")
    }

    @Test func `with a lead the new key waits, and neither another rotation nor a retirement cuts in`() throws {
        let folder = try TemporaryFolder()
        let desk = Self.desk(folder)
        let first = try DataFolderKey.load(.pickUp, in: folder.url)
        let rotated = try desk.rotate(.pickUp, leadMinutes: 1_440, graceHours: 1, at: Self.noon)
        let start = Self.noon.adding(milliseconds: Self.day)

        #expect(rotated.signs == first.label)
        #expect(rotated.believed.map(\.signsFrom) == [start] && rotated.believed.map(\.until) == [nil])
        let early = start.adding(milliseconds: -1)
        #expect(throws: ValidationError.self) {
            try desk.rotate(.pickUp, leadMinutes: 0, graceHours: nil, at: early)
        }
        #expect(throws: ValidationError.self) { try desk.retire(.pickUp, at: early) }
        #expect(try desk.states(at: early) == [rotated])
        let over = try desk.retire(.pickUp, at: start)
        #expect(over.signs == rotated.believed.first?.label && over.believed.isEmpty)
    }

    @Test(arguments: DataFolderKey.Name.allCases)
    func `what cannot be exchanged says why and what to do, and stays as it is`(_ name: DataFolderKey.Name) throws {
        let folder = try TemporaryFolder()
        let desk = Self.desk(folder)
        let missing = #expect(throws: ValidationError.self) {
            try desk.rotate(name, leadMinutes: 0, graceHours: nil, at: Self.noon)
        }
        let former = try DataFolderKey.load(name, in: folder.url)
        guard case .refused(let why) = name.rotation else {
            #expect(missing?.message.contains("is made when it is needed") == true)
            #expect(try desk.rotate(name, leadMinutes: 0, graceHours: nil, at: Self.noon).signs != former.label)
            return
        }
        #expect(missing?.message.contains(why) == true)
        #expect(throws: ValidationError.self) { try desk.rotate(name, leadMinutes: 0, graceHours: 0, at: Self.noon) }
        #expect(throws: ValidationError.self) { try desk.retire(name, at: Self.noon) }
        #expect(try DataFolderKey.load(name, in: folder.url) == former)
    }

    @Test func `two commands on one folder do not exchange the same key`() throws {
        let folder = try TemporaryFolder()
        let former = try DataFolderKey.load(.jwt, in: folder.url)
        let lock = try LockFile(folder.url.appending(path: "keys.lock"))
        let error = #expect(throws: ValidationError.self) {
            try Self.desk(folder).rotate(.jwt, leadMinutes: 0, graceHours: nil, at: Self.noon)
        }
        #expect(error?.message.contains("Another 'suishoupai keys' is at work") == true)
        #expect(try DataFolderKey.load(.jwt, in: folder.url) == former)
        lock.release()
    }

    @Test(.enabled(if: Program.isBuilt)) func `the program exchanges keys of a folder and shows none of them`()
        async throws
    {
        let folder = try TemporaryFolder()
        let data = folder.url.path(percentEncoded: false)
        let former = try DataFolderKey.load(.jwt, in: folder.url)
        _ = try DataFolderKey.load(.persons, in: folder.url)

        let rotated = try await Program.run("keys", "rotate", "jwt-hs256", "--data", data, "--json")
        #expect(rotated.status == 0, "\(rotated.output)")
        let state = try ContractCoding.decode(FolderKeyState.self, from: Data(rotated.output.utf8))
        #expect(state.signs != former.label && state.believed.map(\.label) == [former.label])
        let listed = try await Program.run("keys", "files", "--data", data)
        #expect(listed.output.contains("\(former.label) is believed until "), "\(listed.output)")
        #expect(listed.output.contains("persons") && listed.output.contains("(cannot be exchanged)"))
        let retired = try await Program.run("keys", "retire", "jwt-hs256", "--data", data)
        #expect(retired.status == 0 && !retired.output.contains(former.label), "\(retired.output)")
        let refused = try await Program.run("keys", "rotate", "persons", "--data", data)
        #expect(refused.status == 2 && refused.output.contains("which nothing here seals anew"), "\(refused.output)")
        let unknown = try await Program.run("keys", "retire", "k-1", "--data", data)
        #expect(unknown.status == 2 && unknown.output.contains("suishoupai keys revoke"), "\(unknown.output)")

        let file = folder.url.appending(path: "keys/jwt-hs256.key")
        let secret = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(secret.utf8.count == 43, "one key is left")
        for said in [rotated, listed, retired] { #expect(!said.output.contains(secret)) }
        let mode =
            try FileManager.default.attributesOfItem(
                atPath: file.path(percentEncoded: false))[.posixPermissions] as? NSNumber
        #expect(mode == 0o600)
    }
}
