import Contracts
import ReportIntakeDomain
import Testing

private let noon = Timestamp(milliseconds: 1_790_000_000_000)
private let place = Location(latitudeE7: 286_829_000, longitudeE7: 1_158_582_000)

private func proof(
    _ capture: Capture?, _ nonce: ReturnedNonce? = nil, nonceWasUsed: Bool = false, photoWasUsed: Bool = false
) -> CaptureProof? {
    CaptureProof(
        capture, of: place,
        facts: CaptureFacts(nonce: nonce, nonceWasUsed: nonceWasUsed, photoWasUsed: photoWasUsed), at: noon)
}

private func capture(
    at moment: Timestamp? = nil, metresNorth: Int? = nil, accuracy: Int? = nil, speed: Int? = nil
) -> Capture {
    // A ten-millionth of a degree of latitude is 1.11195 cm.
    let device = metresNorth.map { metres in
        Location(latitudeE7: place.latitudeE7 + metres * 10_000_000 / 111_195, longitudeE7: place.longitudeE7)
    }
    return Capture(nonce: nil, capturedAt: moment, place: device, accuracy: accuracy, speed: speed)
}

private func minutes(_ count: Int64) -> Timestamp { noon.adding(milliseconds: count * 60_000) }

@Test func `a report that was made there and then has a proof without anything odd`() {
    let found = proof(
        capture(at: minutes(-2), metresNorth: 40, accuracy: 15), .handedOut(at: minutes(-3), toSender: true))

    #expect(
        found
            == CaptureProof(
                openedAt: minutes(-3), capturedAt: minutes(-2), distance: 40, accuracy: 15, signals: []))
}

@Test func `where the app told nothing and nothing is odd there is no proof`() {
    #expect(proof(nil) == nil)
    #expect(proof(Capture(nonce: nil, capturedAt: nil, place: nil, accuracy: nil)) == nil)
}

@Test(
    arguments: [
        (.unknown, ["nonce-unknown"]), (.handedOut(at: minutes(-1), toSender: true), []),
        (.handedOut(at: minutes(-1), toSender: false), ["nonce-of-other"]),
        (.handedOut(at: minutes(-24 * 60), toSender: true), []),
        (.handedOut(at: noon.adding(milliseconds: -24 * 3_600_000 - 1), toSender: true), ["nonce-old"]),
        (.handedOut(at: minutes(-3 * 24 * 60), toSender: false), ["nonce-of-other", "nonce-old"]),
    ] as [(ReturnedNonce, [String])])
func `a nonce is unknown, another's or old`(nonce: ReturnedNonce, signals: [String]) {
    #expect(proof(nil, nonce)?.signals == signals)
}

@Test(
    arguments: [
        (Timestamp?.none, minutes(5), false), (nil, noon.adding(milliseconds: 300_001), true),
        (nil, minutes(-100_000), false), (minutes(-10), minutes(-15), false),
        (minutes(-10), minutes(-15).adding(milliseconds: -1), true), (minutes(-10), noon, false),
        (minutes(-10), minutes(6), true),
    ])
func `a clock is off by more than five minutes before the form was opened or after it came back`(
    openedAt: Timestamp?, capturedAt: Timestamp, isOff: Bool
) {
    let nonce = openedAt.map { ReturnedNonce.handedOut(at: $0, toSender: true) }

    #expect(proof(capture(at: capturedAt), nonce)?.signals == (isOff ? ["clock-off"] : []))
}

@Test(
    arguments: [
        (99, nil, []), (101, nil, ["far-away"]), (99, 0, []), (101, 20, ["far-away"]), (149, 50, []),
        (151, 50, ["far-away"]), (590, 200, []), (590, 201, ["place-uncertain"]),
        (700, 201, ["far-away", "place-uncertain"]),
    ] as [(Int, Int?, [String])])
func `a device is far away beyond a hundred metres and three times what it is unsure of`(
    metres: Int, accuracy: Int?, signals: [String]
) {
    let found = proof(capture(metresNorth: metres, accuracy: accuracy))

    #expect(found?.signals == signals)
    #expect(found?.distance == metres)
}

@Test func `an accuracy without a place, and one of half the Earth, are told and no more`() {
    #expect(proof(capture(accuracy: 20_000_000))?.signals == ["place-uncertain"])
    #expect(proof(capture(accuracy: 20_000_000))?.distance == nil)
}

@Test(arguments: [(0, nil), (299, nil), (300, ["moving-fast"]), (1_400, ["moving-fast"])] as [(Int, [String]?)])
func `who moves at three metres a second or more is riding`(speed: Int, signals: [String]?) {
    #expect(proof(capture(speed: speed))?.signals == signals)
}

@Test func `a photo that was used before is told also where the app told nothing`() {
    #expect(
        proof(nil, photoWasUsed: true)
            == CaptureProof(openedAt: nil, capturedAt: nil, distance: nil, accuracy: nil, signals: ["photo-reused"]))
}

@Test func `what is odd stands in one order`() {
    let found = proof(
        capture(at: minutes(60), metresNorth: 90_000, accuracy: 500, speed: 800),
        .handedOut(at: minutes(-3 * 24 * 60), toSender: false), nonceWasUsed: true, photoWasUsed: true)

    #expect(found?.signals == CaptureSignal.allCases.dropFirst().map(\.rawValue))
}

@Test func `a report's proof goes with its event`() throws {
    let told = CaptureProof(openedAt: nil, capturedAt: noon, distance: 3, accuracy: nil, signals: [])

    let event = Submission(
        try ReportForm.sample(), from: .rider, key: nil, guidance: .none, capture: told, at: noon, unnamed: .random(),
        people: .sample
    ).event

    #expect(event.capture == told)
}
