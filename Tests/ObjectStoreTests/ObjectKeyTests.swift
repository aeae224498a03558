import ObjectStore
import TestSupport
import Testing

@Test(arguments: [
    "a", "A/b/C", "0", "snapshot.sqlite", ".hidden/x", "...", "a..b", "log=1/off-set_2",
    String(repeating: "x", count: 255),
])
func `a key is`(_ text: String) {
    #expect(ObjectKey.isKey(text))
    #expect(ObjectKey.isPrefix(text))
}

@Test(arguments: [
    "", ".", "..", "a/.", "./a", "../a", "a/../b", "/a", "a/", "a//b", "a b", "a~", "a\\b", "a:b", "a%", "a\n", "é",
    "垃圾",
    "a\u{0}", String(repeating: "x", count: 256), String(repeating: "x/", count: 400) + "x",
])
func `a key is not`(_ text: String) {
    #expect(!ObjectKey.isKey(text))
}

@Test func `every beginning of a key is a prefix, and no text that leads out is a key`() {
    var random = SeededGenerator()
    let alphabet = Array("ab./=_-")
    for _ in 0..<5_000 {
        let text = String(
            (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)

        let isPlain = segments.allSatisfy { !["", ".", ".."].contains($0) }

        #expect(ObjectKey.isKey(text) == isPlain, "\(text)")
        if isPlain { for end in text.indices { #expect(ObjectKey.isPrefix(String(text[..<end])), "\(text)") } }
    }
}
