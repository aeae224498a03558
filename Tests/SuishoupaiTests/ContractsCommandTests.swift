import ArgumentParser
import Foundation
import Testing

@testable import Suishoupai

@Test func `contracts takes the prefix of a deployment and none when not told`() throws {
    let plain = try SuishoupaiCommand.parseAsRoot(["contracts"])
    let prefixed = try SuishoupaiCommand.parseAsRoot(["contracts", "--prefix", "nc-"])

    #expect((plain as? ContractsCommand)?.prefix == "")
    #expect((prefixed as? ContractsCommand)?.prefix == "nc-")
}
