import Foundation
import TestSupport
import Testing

@testable import Suishoupai

@Suite struct SBOMTests {
    private static let resolved = """
        {"originHash": "x", "version": 3, "pins": [
          {"identity": "swift-nio", "kind": "remoteSourceControl", "location": "https://github.com/apple/swift-nio.git",
           "state": {"revision": "abc", "version": "2.101.2"}},
          {"identity": "grdb.swift", "kind": "remoteSourceControl", "location": "https://github.com/groue/GRDB.swift",
           "state": {"branch": "main", "revision": "def"}}
        ]}
        """

    @Test func `packages are read as they were pinned`() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "Package.resolved")
        try Data(Self.resolved.utf8).write(to: file)

        let components = try ResolvedPackages.read(file)

        #expect(
            components.map(\.purl) == [
                "pkg:swift/github.com/apple/swift-nio@2.101.2", "pkg:swift/github.com/groue/GRDB.swift@def",
            ])
    }

    @Test(
        .enabled(if: Program.isBuilt, "the program is not built"),
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dpkg-query"), "this is no Debian"))
    func `the document names Swift packages and the libraries that programs load, each once`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "Package.resolved")
        try Data(Self.resolved.utf8).write(to: file)

        let answer = try await Program.run(["sbom", "--json", "--resolved", file.path(percentEncoded: false)])
        #expect(answer.status == 0, "\(answer.output)")
        let bill = try JSONDecoder().decode(BillOfMaterials.self, from: Data(answer.output.utf8))

        #expect(bill.bomFormat == "CycloneDX" && bill.specVersion == "1.5")
        let names = bill.components.map(\.name)
        #expect(Set(names).isSuperset(of: ["swift-nio", "librdkafka1", "libsqlite3-0", "libc6", "libjs-leaflet"]))
        #expect(Set(bill.components.map(\.reference)).count == bill.components.count)
        #expect(bill.components.map(\.purl) == bill.components.map(\.purl).sorted())
        #expect(bill.components.allSatisfy { !$0.version.isEmpty })
    }

    @Test(.enabled(if: Program.isBuilt, "the program is not built"))
    func `what is no Package dot resolved is named`() async throws {
        let answer = try await Program.run(["sbom", "--resolved", "/nowhere/Package.resolved"])
        #expect(answer.status == 1 && answer.output.contains("/nowhere/Package.resolved"), "\(answer.output)")
    }
}
