import Contracts
import Testing

private let path = "/v1/follow/AAAA"

@Test func `a sealed link is read by the platform that it is for, and by no other`() throws {
    let sealed = try SealedLink.seal(path, of: "report-1", secret: "secret-a")
    let again = try SealedLink.seal(path, of: "report-1", secret: "secret-a")

    #expect(try SealedLink.open(sealed, of: "report-1", secret: "secret-a") == path)
    #expect(!sealed.contains("follow"))
    #expect(again != sealed, "each has a nonce of its own")
    #expect(throws: (any Error).self) { try SealedLink.open(sealed, of: "report-1", secret: "secret-b") }
    #expect(throws: (any Error).self) { try SealedLink.open(sealed, of: "report-2", secret: "secret-a") }
    #expect(throws: (any Error).self) { try SealedLink.open("no link", of: "report-1", secret: "secret-a") }
    #expect(throws: (any Error).self) { try SealedLink.open("", of: "report-1", secret: "secret-a") }
}

/// As somebody with other tools seals it: the recipe is part of the contract.
@Test func `a link that was sealed by the recipe is read`() throws {
    let sealed = "AAECAwQFBgcICQoL/jS0j7y//NPBU7Pd33dL3sAb6zntjUpH4ExaFJLcGw=="

    #expect(try SealedLink.open(sealed, of: "report-1", secret: "secret-a") == path)
}
