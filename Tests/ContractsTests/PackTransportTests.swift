import Contracts
import Foundation
import Testing

/// A pack with this many keywords, so that it takes more than one part.
private func pack(keywords: Int) -> Pack {
    Pack(
        name: "nanchang", title: "南昌", version: 3,
        calendar: PackCalendar(
            utcOffsetMinutes: 480, workingMinutes: Array(repeating: [[540, 720], [780, 1_080]], count: 7),
            holidays: ["2026-10-01"], makeUpDays: ["2026-10-10"]),
        communities: [
            PackCommunity(
                id: "mingdu", name: "名都", ledgerId: "nanchang", caseNumberPrefix: "MD",
                outline: [[[286_837_001, 1_159_042_002, 100, 0, 0, 100]]])
        ],
        units: [PackUnit(id: "mingdu-property", name: "名都物业")],
        people: [PackPerson(id: "worker-3", roles: ["worker"], unitId: "mingdu-property", communityIds: ["mingdu"])],
        categories: [
            PackCategory(
                code: "E0102", name: "暴露垃圾", englishName: "Exposed garbage", kind: .snapshot, filingLimit: "1w",
                handlingLimit: "4w", keywords: (0..<keywords).map { "垃圾-\($0)" }, gbCode: nil, gbVerified: false)
        ],
        routingRules: [
            PackRoutingRule(
                id: "r-property", categories: ["E0102"], communityIds: [], kind: nil, unitId: "mingdu-property")
        ],
        pointRules: [PackPointRule(id: "filed", name: "有效随手拍", categories: [], kind: .snapshot, points: 10)],
        templates: [PackTemplate(event: "case.closed", role: .reporter, title: "{caseNumber}", body: "已结案")],
        webhooks: [PackWebhook(unitId: "mingdu-property", url: "https://example.com/hook", events: [])],
        mergeDistance: 3_000)
}

@Test(arguments: [0, 100_000])
func `a pack is the same after its way through the log`(keywords: Int) throws {
    let pack = pack(keywords: keywords)

    let (parts, activation) = try PackTransport.messages(for: pack)

    #expect(parts.count == activation.partCount)
    #expect((parts.count > 1) == (keywords > 0))
    #expect(parts.map(\.index) == Array(0..<parts.count))
    #expect(parts.allSatisfy { $0.count == parts.count && $0.packHash == activation.packHash })
    #expect(try PackTransport.assemble(parts.map(\.content), hash: activation.packHash) == pack)
}

@Test func `each part fits into a record`() throws {
    let (parts, _) = try PackTransport.messages(for: pack(keywords: 100_000))

    for part in parts {
        let envelope = Envelope(
            part, id: .suishoupai, source: "/suishoupai/1", time: Timestamp(milliseconds: 0))
        #expect(try envelope.value().count < 800_000)
    }
}

@Test func `the same pack always has the same hash and the same record ids`() throws {
    let first = try PackTransport.messages(for: pack(keywords: 7))
    let second = try PackTransport.messages(for: pack(keywords: 7))
    let hash = first.activation.packHash

    #expect(first.parts == second.parts)
    #expect(hash.utf8.count == 64)
    #expect(Pack.hash(of: Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
        PackTransport.recordID(hash: hash, part: 0, topic: "case-commands.v1", partition: 1)
            == PackTransport.recordID(hash: hash, part: 0, topic: "case-commands.v1", partition: 1))
    let ids = [
        PackTransport.recordID(hash: hash, part: 0, topic: "case-commands.v1", partition: 1),
        PackTransport.recordID(hash: hash, part: 1, topic: "case-commands.v1", partition: 1),
        PackTransport.recordID(hash: hash, part: nil, topic: "case-commands.v1", partition: 1),
        PackTransport.recordID(hash: hash, part: 0, topic: "points-commands.v1", partition: 1),
        PackTransport.recordID(hash: hash, part: 0, topic: "case-commands.v1", partition: 2),
    ]
    #expect(Set(ids).count == ids.count)
}

@Test func `a part that was tampered with is refused`() throws {
    let (parts, activation) = try PackTransport.messages(for: pack(keywords: 100_000))
    let sentence = "the parts of pack \(activation.packHash) do not have its hash"
    var tampered = parts.map(\.content)
    tampered[1][tampered[1].startIndex + 40] ^= 1

    for contents in [tampered, parts.dropLast().map(\.content), parts.reversed().map(\.content), []] {
        #expect(throws: ContractError.malformed(sentence)) {
            try PackTransport.assemble(contents, hash: activation.packHash)
        }
    }
}

@Test func `bytes with the right hash that are no pack are refused with what is wrong`() {
    let bytes = Data(#"{"name":"nanchang"}"#.utf8)
    let hash = Pack.hash(of: bytes)

    let error = #expect(throws: ContractError.self) { try PackTransport.assemble([bytes], hash: hash) }
    #expect("\(String(describing: error))".contains("is missing"))
}
