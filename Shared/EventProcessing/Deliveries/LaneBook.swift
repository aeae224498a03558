import Contracts

/// Which deliveries a process has under way, and what it has learned of their lanes.
///
/// A lane begins with one place and gets all of its places once it has answered fast; a slow one goes back to one place,
/// and all slow ones together have half of the process's. So neither a dead endpoint nor a hundred slow ones hold up the
/// rest. What is learned is kept in memory only: who takes over learns it anew, by one sending in each lane.
struct LaneBook: Sendable {
    private struct Lane {
        var taken = 0
        var answersFast = false
        var isSlow = false
        var closedUntil: ContinuousClock.Instant?
    }

    private struct Place {
        let lane: String
        let isSlow: Bool
    }

    private let settings: DeliverySettings
    private var lanes: [String: Lane] = [:]
    private var places: [DeliveryID: Place] = [:]
    private var slowTaken = 0

    /// So many lanes are remembered, before those without a sending are forgotten.
    private static let mostLanes = 20_000
    /// Each postponed start costs two records of the log: a lane that is closed is not asked more often.
    private static let shortestWait = Duration.milliseconds(100)

    init(_ settings: DeliverySettings) {
        self.settings = settings
    }

    var taken: Int { places.count }

    var free: Int { max(settings.places - places.count, 0) }

    func holds(_ id: DeliveryID) -> Bool { places[id] != nil }

    /// How many more deliveries of a lane may be begun now.
    func free(in name: String, at now: ContinuousClock.Instant) -> Int {
        guard let lane = lanes[name] else { return min(1, free) }
        if let until = lane.closedUntil, until > now { return 0 }
        if lane.isSlow, slowTaken >= settings.places / 2 { return 0 }
        return max(min((lane.answersFast ? settings.lanePlaces : 1) - lane.taken, free), 0)
    }

    mutating func take(_ id: DeliveryID, in name: String, at now: ContinuousClock.Instant) {
        if lanes.count >= Self.mostLanes {
            lanes = lanes.filter { $0.value.taken > 0 || $0.value.closedUntil.map { $0 > now } ?? false }
        }
        let isSlow = lanes[name]?.isSlow ?? false
        lanes[name, default: Lane()].taken += 1
        places[id] = Place(lane: name, isSlow: isSlow)
        if isSlow { slowTaken += 1 }
    }

    /// Gives a place back without having learned anything.
    mutating func giveBack(_ id: DeliveryID) {
        guard let place = places.removeValue(forKey: id) else { return }
        lanes[place.lane]?.taken -= 1
        if place.isSlow { slowTaken -= 1 }
    }

    /// Gives the place of an ended sending back, and remembers how its lane answered.
    mutating func end(
        _ id: DeliveryID, in name: String, with result: DeliveryResult, after duration: Duration,
        at now: ContinuousClock.Instant
    ) {
        giveBack(id)
        var lane = lanes[name, default: Lane()]
        switch result {
        case .postponed(_, let wait), .failed(_, _, let wait?):
            lane.closedUntil = max(lane.closedUntil ?? now, now + max(wait, Self.shortestWait))
        case .delivered, .failed, .gone, .unknown: break
        }
        // One sending in flight may still succeed after another has found the lane closed.
        let isOpen = lane.closedUntil.map { $0 <= now } ?? true
        lane.isSlow = duration > settings.slowness
        lane.answersFast = result == .delivered && !lane.isSlow && isOpen
        lanes[name] = lane
    }
}
