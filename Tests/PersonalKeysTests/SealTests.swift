import Contracts
import Foundation
import PersonalKeys
import ServiceKit
import TestSupport
import Testing

@Test func `an endpoint's URL opens for that endpoint and with that key only`() throws {
    let folders = [try TemporaryFolder(), try TemporaryFolder()]
    let keys = try folders.map { try DataFolderKey.load(.webhook, in: $0.url) }
    let sealed = try SealedText.sealing("https://robot.example/?token=1", of: "hotline", by: keys[0])

    #expect(try sealed.opened(of: "hotline", by: keys[0]) == "https://robot.example/?token=1")
    #expect(!sealed.box.contains("robot"))
    #expect(throws: SealError.unreadable) { try sealed.opened(of: "other", by: keys[0]) }
    #expect(throws: SealError.unreadable) { try sealed.opened(of: "hotline", by: keys[1]) }
}

@Test(arguments: [NotificationKind?.none, .progress, .alert])
func `the link that ends messages says whose and which, to us alone`(kind: NotificationKind?) throws {
    let folders = [try TemporaryFolder(), try TemporaryFolder()]
    let keys = try folders.map { try DataFolderKey.load(.persons, in: $0.url) }
    let token = UnsubscribeToken(personId: "conf:a|b", channel: .email, kind: kind)
    let text = try token.text(by: keys[0])

    #expect(text.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil)
    #expect(UnsubscribeToken(text, by: keys[0]) == token)
    #expect(UnsubscribeToken(text, by: keys[1]) == nil)
    let bytes = try #require(Base64URL.bytes(text))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("conf"))
    for index in bytes.indices {
        var changed = bytes
        changed[index] ^= 1
        #expect(UnsubscribeToken(Base64URL.text(changed), by: keys[0]) == nil)
    }
    for other in ["", "x", String(text.dropLast(4)), text + "AAAA"] {
        #expect(UnsubscribeToken(other, by: keys[0]) == nil)
    }
}
