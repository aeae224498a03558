import ArgumentParser
import Contracts
import Foundation
import TestSupport
import Testing

@testable import Suishoupai

@Test func `contracts takes the prefix of a deployment and none when not told`() throws {
    let plain = try SuishoupaiCommand.parseAsRoot(["contracts"])
    let prefixed = try SuishoupaiCommand.parseAsRoot(["contracts", "--prefix", "nc-"])

    #expect((plain as? ContractsDocumentCommand)?.prefix == "")
    #expect((prefixed as? ContractsDocumentCommand)?.prefix == "nc-")
}

@Test func `contracts writes a page for each topic`() throws {
    let folder = try TemporaryFolder()
    let target = folder.url.appending(path: "topics")
    let command = try #require(
        try SuishoupaiCommand.parseAsRoot(["contracts", "pages", "--to", target.path(percentEncoded: false)])
            as? ContractsPagesCommand)

    try command.run()

    let names = try FileManager.default.contentsOfDirectory(atPath: target.path(percentEncoded: false))
    #expect(Set(names) == Set(TopicCatalogue.all.map { "\($0.name).md" } + ["README.md"]))
}
