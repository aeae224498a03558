import Contracts
import Foundation
import Testing

private let secret = PlatformKey.hash(of: "ssp_" + String(repeating: "ab", count: 32))
private let value = Data(#"{"id":"order-1"}"#.utf8)
private let signature = PlatformSignature(of: value, keyId: "k-3f9a2c71", secret: secret)

@Test func `a signature is what openssl makes of the key's hash`() {
    // printf %s '{"id":"order-1"}' | openssl dgst -sha256 -hmac "$(printf %s ssp_abab… | sha256sum | cut -d ' ' -f 1)"
    #expect(
        signature.description
            == "k-3f9a2c71:3097e4ef548a5bcbe5d1416a75a8ff9c400b2b60ad37d384be51aafd342998a7")
}

@Test func `a signature counts for its bytes and its key alone, in either case of its digits`() throws {
    let read = try #require(PlatformSignature(signature.description))
    #expect(read.keyId == "k-3f9a2c71")
    #expect(read.isValid(for: value, secret: secret))
    let upper = try #require(PlatformSignature("k-3f9a2c71:" + signature.description.dropFirst(11).uppercased()))
    #expect(upper.isValid(for: value, secret: secret))

    #expect(!read.isValid(for: value + [0], secret: secret))
    #expect(!read.isValid(for: Data(), secret: secret))
    #expect(!read.isValid(for: value, secret: PlatformKey.hash(of: "another")))
    var text = Array(signature.description.utf8)
    for position in text.indices.dropFirst(11) {
        text[position] ^= 1
        let changed = PlatformSignature(String(decoding: text, as: UTF8.self))
        #expect(changed?.isValid(for: value, secret: secret) != true, "digit \(position)")
        text[position] ^= 1
    }
}

@Test(arguments: [
    "", ":", "k-1", "k-1:", ":00", "k-1:0", "k-1:zz", "k-1:" + String(repeating: "0", count: 63),
    "k-1:" + String(repeating: "0", count: 66), ":" + String(repeating: "0", count: 64),
    "k-1:" + String(repeating: "水", count: 64),
])
func `what has not the form of a signature is none`(text: String) {
    #expect(PlatformSignature(text) == nil)
}
