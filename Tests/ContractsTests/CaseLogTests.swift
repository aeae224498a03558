import Contracts
import Foundation
import TestSupport
import Testing

/// What strings have gone wrong in somebody's JSON.
private let nasty = [
    "", "\u{0}", "\u{1}\u{8}\u{9}\u{A}\u{B}\u{C}\u{D}\u{E}\u{1F}", "\u{7F}\u{80}\u{9F}\u{A0}", "\"\\/", "a/b//c",
    "\\u0041",
    "é", "e\u{301}", "\u{2028}\u{2029}", "\u{FEFF}x", "垃圾堆积，3 栋楼下", "🚮", "👨‍👩‍👧‍👦", "\u{10FFFF}\u{FFFF}\u{E000}",
    "<script>&'</script>",
    "\r\n", " leading and trailing ", "عربى", "𠮷野家",
]

private func event(reason: String, units: [String] = [], number: Int = 0) -> CaseEvent {
    .changed(
        CaseChanged(
            step: .checked,
            case: CaseReference(
                caseId: "case-1", caseNumber: "MD-1", communityId: "mingdu", ledgerId: "l", category: "E0102",
                kind: .snapshot, reporterIds: units.map { PersonID($0) }, ownerUnitId: nil, handlerId: nil),
            at: Timestamp(milliseconds: 0), actorId: nil, reason: reason, reworks: number,
            details: StepDetails { $0.unitIds = units.map { UnitID($0) } }))
}

/// The `data` that a reader finds, without its link.
private func bareLine(of event: CaseEvent) throws -> String {
    let value = try Envelope(event, id: .random(), source: "/case-routing/0", time: Timestamp(milliseconds: 0)).value()
    return try ContractCoding.text(try #require(try ContractCoding.decode(ContractJSON.self, from: value)["data"]))
}

/// As docs/routing-log.md says it.
private let pythonsRule = """
    import hashlib, json, sys
    for line in sys.stdin.buffer.read().decode("utf-8").split("\\n"):
        if line:
            text = json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            print(hashlib.sha256(text.encode("utf-8")).hexdigest())
    """

private func pythonsHashes(of lines: [String]) async throws -> [String] {
    let answer = try await PythonScript(program: pythonsRule)
        .run(input: Data(lines.joined(separator: "\n").utf8))
    #expect(answer.status == 0, "\(answer.output)")
    return answer.output.split(separator: "\n").map(String.init)
}

@Test func `a text is hashed here as anybody hashes it with Python, however odd it is`() async throws {
    let events = nasty.map { event(reason: $0, units: [$0, "u"]) }

    let theirs = try await pythonsHashes(of: try events.map(bareLine))

    let ours = try events.map { try CaseLink($0, after: nil, at: Timestamp(milliseconds: 0)).content }
    #expect(ours == theirs)
    #expect(Set(ours).count == nasty.count)
}

@Test func `whatever stands in an event is hashed here as with Python`() async throws {
    var random = SeededGenerator()
    var events: [CaseEvent] = []
    for _ in 0..<400 {
        events.append(
            event(
                reason: randomText(using: &random), units: (0..<3).map { _ in randomText(using: &random) },
                number: .random(in: Int.min...Int.max, using: &random)))
        events.append(.opened(opened(at: randomPlace(using: &random), routing: randomText(using: &random))))
    }

    let theirs = try await pythonsHashes(of: try events.map(bareLine))

    #expect(try events.map { try CaseLink($0, after: nil, at: Timestamp(milliseconds: 0)).content } == theirs)
}

private func randomText(using random: inout SeededGenerator) -> String {
    let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
        Unicode.Scalar(
            Bool.random(using: &random)
                ? UInt32.random(in: 0...0xFF, using: &random) : UInt32.random(in: 0...0x10_FFFF, using: &random))
    }
    return String(String.UnicodeScalarView(scalars))
}

/// Often near the equator or Greenwich, where decimals get short or are written with an exponent.
private func randomPlace(using random: inout SeededGenerator) -> Location {
    let reach = [10, 10_000, 900_000_000].randomElement(using: &random) ?? 1
    let whole = Bool.random(using: &random) ? 1 : 10_000_000
    return Location(
        latitudeE7: Int.random(in: -reach...reach, using: &random) / whole * whole,
        longitudeE7: Int.random(in: -reach...reach, using: &random))
}

private func opened(at place: Location, routing: String) -> CaseOpened {
    CaseOpened(
        caseId: "case-1", caseNumber: "MD-1", reportId: "report-1", communityId: "mingdu", ledgerId: "l",
        category: "E0102", kind: .snapshot, reporterId: "rider-1", ownerUnitId: nil, handlerId: nil, location: place,
        submittedAt: Timestamp(milliseconds: 0), openedAt: Timestamp(milliseconds: 0), routing: routing, flagged: nil)
}

// MARK: - Checking

/// A log of five events, as records, with its newest link.
private func log(_ reasons: [String] = ["一", "二", "三", "四", "五"]) throws -> (records: [ContractJSON], head: CaseChain) {
    var head: CaseChain?
    let records = try reasons.enumerated().map { index, reason in
        let time = Timestamp(milliseconds: Int64(index) * 1_000)
        let event = event(reason: reason)
        let link = try CaseLink(event, after: head, at: time)
        head = CaseChain(number: link.number, hash: link.hash)
        let envelope = Envelope(
            CaseLogEntry(event, chain: link), id: MessageID(namespace: .suishoupai, name: "\(index)"),
            source: "/case-routing/0", time: time)
        return try ContractCoding.decode(ContractJSON.self, from: try envelope.value())
    }
    return (records, try #require(head))
}

@Test func `a log as it was told is whole, in whatever order and however often its records come`() throws {
    let (records, head) = try log()

    #expect(CaseLogCheck(records, head: head).isWhole)
    #expect(CaseLogCheck(records.reversed() + records, head: head).isWhole)
    #expect(CaseLogCheck(records, head: head).steps.map(\.number) == [1, 2, 3, 4, 5])
    #expect(CaseLogCheck(records, head: nil).isWhole)
}

@Test(arguments: [
    ["data", "reason"], ["data", "case", "category"], ["time"], ["type"], ["data", "chain", "hash"],
    ["data", "chain", "content"], ["data", "chain", "previous"],
])
func `a word that was changed is found where it stands`(path: [String]) throws {
    var (records, head) = try log()
    records[2] = records[2].setting(path, to: "别的")

    let check = CaseLogCheck(records, head: head)

    #expect(!check.isWhole)
    #expect(check.firstFault?.hasPrefix("link 3:") == true, "\(check.firstFault ?? "")")
    #expect(check.steps[0].fault == nil && check.steps[1].fault == nil)
}

@Test func `an event that is missing, swapped or put in is found`() throws {
    let (records, head) = try log()

    var missing = records
    missing.remove(at: 2)
    #expect(CaseLogCheck(missing, head: head).firstFault == "link 4: link 3 is missing before it")
    #expect(
        CaseLogCheck(Array(records.dropFirst(2)), head: head).firstFault == "link 3: links 1 to 2 are missing before it"
    )

    var swapped = records
    swapped[1] = records[1].setting(["data", "chain"], to: records[2]["data"]?["chain"])
    swapped[2] = records[2].setting(["data", "chain"], to: records[1]["data"]?["chain"])
    #expect(CaseLogCheck(swapped, head: head).firstFault == "link 2: its content is not what was told")

    let (others, _) = try log(["一", "二", "假", "四", "五"])
    #expect(CaseLogCheck(records + [others[2]], head: head).firstFault == "link 3: there are two of this number")
    #expect(
        CaseLogCheck(records + [records[0].setting(["data", "chain"], to: nil)], head: head).firstFault?.hasSuffix(
            "has no link") == true)
}

@Test func `a log that ends too early, too late or elsewhere is found by the case's state`() throws {
    let (records, head) = try log()

    #expect(CaseLogCheck(Array(records.dropLast()), head: head).firstFault == "the log ends at link 4, the case has 5")
    #expect(
        CaseLogCheck(try log(["一", "二", "三", "四", "五", "六"]).records, head: head).firstFault
            == "the log has link 6, the case only 5")
    // All of it made anew, with hashes that fit.
    let forged = try log(["一", "二", "假", "四", "五"]).records
    #expect(CaseLogCheck(forged, head: nil).isWhole)
    #expect(CaseLogCheck(forged, head: head).firstFault == "the last link is not the one that the case knows")
    #expect(CaseLogCheck([], head: head).firstFault == "the log ends at link 0, the case has 5")
}

@Test func `an entry whose link was made here is written as anybody's`() throws {
    var random = SeededGenerator()
    var events = nasty.map { event(reason: $0, units: [$0, "u"]) }
    for _ in 0..<200 {
        events.append(event(reason: randomText(using: &random), units: [randomText(using: &random)]))
        events.append(.opened(opened(at: randomPlace(using: &random), routing: randomText(using: &random))))
    }

    var head: CaseChain?
    for event in events {
        let entry = try CaseLogEntry(event, after: head, at: Timestamp(milliseconds: 7))
        let link = try #require(entry.chain)
        #expect(try link == CaseLink(event, after: head, at: Timestamp(milliseconds: 7)))
        let envelope = Envelope(entry, id: .random(), source: "/case-routing/0", time: Timestamp(milliseconds: 7))
        #expect(try envelope.value() == ContractCoding.encode(envelope))
        #expect(try Envelope<CaseLogEntry>(value: try envelope.value()) == envelope)
        head = CaseChain(number: link.number, hash: link.hash)
    }
}

@Test func `an envelope is written as Foundation writes it, whatever its texts are`() throws {
    for text in nasty {
        let attributes = MessageAttributes(
            id: .random(), source: text, type: text, version: 1, subject: text, time: Timestamp(milliseconds: -7),
            correlationID: .random(), causationID: .random(), traceParent: text)
        for attributes in [attributes, with(attributes) { $0.causationID = nil }] {
            let envelope = Envelope(attributes: attributes, data: event(reason: text))
            #expect(try envelope.value() == ContractCoding.encode(envelope))
        }
    }
}

private func with(_ attributes: MessageAttributes, _ change: (inout MessageAttributes) -> Void) -> MessageAttributes {
    var changed = attributes
    change(&changed)
    return changed
}
