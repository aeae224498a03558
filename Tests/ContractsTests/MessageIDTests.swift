import Contracts
import Foundation
import Testing

// Expected ids are those of Python's uuid.uuid5.
@Test(arguments: [
    ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
    ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"),
    ("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "https://example.com/", "dd2c1780-811a-5296-81c5-178a0ef488bc"),
    ("6ba7b812-9dad-11d1-80b4-00c04fd430c8", "", "0a68eb57-c88a-5f34-9e9d-27f85e68af4f"),
    ("6ba7b814-9dad-11d1-80b4-00c04fd430c8", "随手拍", "83855b55-95f1-53a2-970e-f3ced59af5b2"),
    (
        "6b1f0c52-8a3e-4d17-9c41-5a77e2d03bf6", "case-routing|case.opened|3c9d1a54|0",
        "d84bd403-97b1-5c67-a212-d2823374ec2b"
    ),
])
func `an id that follows from a name is the one everybody computes`(
    namespace: String, name: String, expected: String
) throws {
    let namespace = try #require(MessageID(namespace))

    #expect(MessageID(namespace: namespace, name: name).description == expected)
}

@Test func `ids made from names in our namespace never change`() {
    #expect(MessageID.suishoupai.description == "6b1f0c52-8a3e-4d17-9c41-5a77e2d03bf6")
}

@Test func `an id reads in either case, and writes itself in lower case`() throws {
    let id = try #require(MessageID("2ED6657D-e927-568B-95e1-2665A8AEA6A2"))

    #expect(id.description == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    #expect(MessageID(id.description) == id)
    #expect(MessageID(data: id.data) == id)
    #expect(id.data.first == 0x2E)
    #expect(id.data.last == 0xA2)
}

@Test(arguments: [
    "", "-", "2ed6657de927568b95e12665a8aea6a2", "2ed6657d-e927-568b-95e1-2665a8aea6a",
    "2ed6657d-e927-568b-95e1-2665a8aea6a22", "2ed6657d-e927-568b-95e1-2665a8aea6ag",
    "{2ed6657d-e927-568b-95e1-2665a8aea6a2}", "2ed6657d_e927_568b_95e1_2665a8aea6a2",
    "2ed6657-de927-568b-95e1-2665a8aea6a2", "２ed6657d-e927-568b-95e1-2665a8aea6a2",
    "2ed6657d-e927-568b-95e1-2665a8aea6a2\n",
])
func `anything else is no id`(text: String) {
    #expect(MessageID(text) == nil)
}

@Test func `bytes of another count are no id`() {
    #expect(MessageID(data: Data(repeating: 0, count: 15)) == nil)
    #expect(MessageID(data: Data(repeating: 0, count: 17)) == nil)
}

@Test func `new ids say how they were made, differ, and begin with when`() throws {
    let before = UInt64(Date.now.timeIntervalSince1970 * 1_000)
    let ids = (0..<1_000).map { _ in MessageID.random().description }
    let after = UInt64(Date.now.timeIntervalSince1970 * 1_000)

    // Not the milliseconds alone: they are the same for most of these.
    #expect(Set(ids.map { $0.suffix(20) }).count == ids.count)
    for id in ids {
        let digits = Array(id)
        #expect(digits[14] == "7")
        #expect("89ab".contains(digits[19]))
        let moment = try #require(UInt64(String(digits[0..<8] + digits[9..<13]), radix: 16))
        #expect((before...after).contains(moment))
    }
}

@Test func `ids are ordered as their text is`() {
    let ids = (0..<200).map { MessageID(namespace: .suishoupai, name: "\($0)") }

    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
}
