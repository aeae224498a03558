package import Contracts
import Geography

/// From where on something about a report is odd enough to be told.
package enum CaptureLimits {
    /// How long a form may be open, in milliseconds: who has no network sends the draft later, but on the same day.
    package static let openFor: Int64 = 24 * 3_600_000
    /// How far the device's clock may differ from ours, in milliseconds: one that is set by the network is wrong by
    /// seconds.
    package static let clockDifference: Int64 = 5 * 60_000
    /// How far from the device a report may be in any case, in centimetres: people report what is across the square, and
    /// set the pin by hand.
    package static let reach = 10_000
    /// And so many times what the device is unsure of: it is right to within that in two of three cases only, and to
    /// within three times that nearly always.
    package static let unsureness = 3
    /// Beyond so many metres the device only guesses, by the cells of the mobile network.
    package static let uncertainBeyond = 200
    /// From so many centimetres per second on the device rode: nobody walks so fast, and a runner stops to take a photo.
    package static let ridingFrom = 300
}

/// What intake reads out of a nonce that came back with a report.
package enum ReturnedNonce: Hashable, Sendable {
    /// Intake handed out no such nonce.
    case unknown
    case handedOut(at: Timestamp, toSender: Bool)

    fileprivate var openedAt: Timestamp? {
        guard case .handedOut(let moment, _) = self else { return nil }
        return moment
    }
}

/// What intake knows of how a report was made, beside what its app tells.
package struct CaptureFacts: Hashable, Sendable {
    /// Nil where no nonce came back.
    package let nonce: ReturnedNonce?
    /// Whether another report came with the same nonce.
    package let nonceWasUsed: Bool
    /// Whether one of the photos was in another report.
    package let photoWasUsed: Bool

    package init(nonce: ReturnedNonce?, nonceWasUsed: Bool, photoWasUsed: Bool) {
        self.nonce = nonce
        self.nonceWasUsed = nonceWasUsed
        self.photoWasUsed = photoWasUsed
    }
}

extension CaptureProof {
    /// Holds what the app tells against what intake knows; nil where there is nothing to say.
    ///
    /// Nothing of it is a reason to refuse a report. Where the device was is left out: only how far off that is.
    ///
    /// - Parameters:
    ///   - place: of the report.
    ///   - moment: when the report came in.
    package init?(_ capture: Capture?, of place: Location, facts: CaptureFacts, at moment: Timestamp) {
        let distance = capture?.place.flatMap { centimetres(from: $0, to: place) }
        let openedAt = facts.nonce?.openedAt
        var odd = oddities(of: facts, at: moment)
        if let capturedAt = capture?.capturedAt, isOff(capturedAt, openedAt: openedAt, cameBackAt: moment) {
            odd.insert(.clockOff)
        }
        if let distance, isFar(distance, accuracy: capture?.accuracy) { odd.insert(.farAway) }
        if let accuracy = capture?.accuracy, accuracy > CaptureLimits.uncertainBeyond { odd.insert(.placeUncertain) }
        if let speed = capture?.speed, speed >= CaptureLimits.ridingFrom { odd.insert(.movingFast) }
        guard
            !odd.isEmpty || openedAt != nil || capture?.capturedAt != nil || distance != nil
                || capture?.accuracy != nil
        else { return nil }
        self.init(
            openedAt: openedAt, capturedAt: capture?.capturedAt, distance: distance.map { ($0 + 50) / 100 },
            accuracy: capture?.accuracy, signals: CaptureSignal.allCases.filter(odd.contains).map(\.rawValue))
    }
}

private func oddities(of facts: CaptureFacts, at moment: Timestamp) -> Set<CaptureSignal> {
    var odd: Set<CaptureSignal> = []
    switch facts.nonce {
    case nil: break
    case .unknown: odd.insert(.nonceUnknown)
    case .handedOut(let openedAt, let toSender):
        if !toSender { odd.insert(.nonceOfOther) }
        if moment.milliseconds - openedAt.milliseconds > CaptureLimits.openFor { odd.insert(.nonceOld) }
    }
    if facts.nonceWasUsed { odd.insert(.nonceReused) }
    if facts.photoWasUsed { odd.insert(.photoReused) }
    return odd
}

/// Without a nonce nobody knows when the form was opened, and only the future is odd.
private func isOff(_ capturedAt: Timestamp, openedAt: Timestamp?, cameBackAt moment: Timestamp) -> Bool {
    let difference = CaptureLimits.clockDifference
    return capturedAt > moment.adding(milliseconds: difference)
        || openedAt.map { capturedAt < $0.adding(milliseconds: -difference) } ?? false
}

/// - Parameter distance: in centimetres.
private func isFar(_ distance: Int, accuracy: Int?) -> Bool {
    distance > max(CaptureLimits.reach, CaptureLimits.unsureness * (accuracy ?? 0) * 100)
}

private func centimetres(from start: Location, to end: Location) -> Int? {
    guard let start = Place(latitudeE7: start.latitudeE7, longitudeE7: start.longitudeE7),
        let end = Place(latitudeE7: end.latitudeE7, longitudeE7: end.longitudeE7)
    else { return nil }
    return Geography.distance(from: start, to: end)
}
