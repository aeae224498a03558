import TestSupport

/// How the hosts of a deployment are set up while faults happen to it.
enum FaultSetting: String, Sendable, CaseIterable {
    /// One machine: one data folder, and a broker that is killed with all its data.
    case sharedFolder
    /// Several hosts: data folders of their own, one place for snapshots, a broker that stays.
    case ownFolders
    /// Several hosts on a cluster: data folders of their own, snapshots in a bucket, and a broker of which nothing is known
    /// but its address.
    case anyBroker
}

/// One thing that goes wrong.
enum Fault: Sendable, Equatable, CustomStringConvertible {
    /// Killed as by a power cut.
    case kill(String)
    /// Stopped where it stands for so many milliseconds, and woken.
    case pause(String, milliseconds: Int)
    case killBroker
    /// Another replica joins for so many milliseconds, and leaves in order.
    case join(String, milliseconds: Int)

    var description: String {
        switch self {
        case .kill(let name): "kill -9 \(name)"
        case .pause(let name, let milliseconds): "stop \(name) for \(milliseconds) ms"
        case .killBroker: "kill -9 embedded-broker"
        case .join(let name, let milliseconds): "another \(name) for \(milliseconds) ms"
        }
    }
}

/// A schedule of faults that the seed alone decides.
struct FaultPlan {
    private static let processors = ["case-routing", "points", "notifications"]
    private static let victims =
        processors.flatMap { [$0, "\($0)-2", "\($0)-3"] } + ["report-intake", "portal"]

    let setting: FaultSetting
    /// Milliseconds of the schedule since the broker was last killed: the whole history is translated again each time, so
    /// it must not come too often.
    private var sinceBroker = 0
    private var isFirst = true
    private var generator: SeededGenerator

    init(_ setting: FaultSetting, seed: UInt64) {
        self.setting = setting
        generator = SeededGenerator(seed: seed)
    }

    /// The next fault, and how long to let it be before.
    mutating func next() -> (after: Duration, fault: Fault) {
        let pause = Int.random(in: 1_500...5_000, using: &generator)
        sinceBroker += pause
        return (.milliseconds(pause), fault())
    }

    private mutating func fault() -> Fault {
        let victim = Self.victims.randomElement(using: &generator) ?? "portal"
        let processor = Self.processors.randomElement(using: &generator) ?? "points"
        let length = Int.random(in: 500...9_000, using: &generator)
        defer { isFirst = false }
        // Also the shortest run sees a host join and leave.
        if setting == .anyBroker, isFirst { return .join(processor, milliseconds: length) }
        switch (setting, Int.random(in: 0..<10, using: &generator)) {
        case (.sharedFolder, 0..<3) where sinceBroker > 20_000:
            sinceBroker = 0
            return .killBroker
        case (.ownFolders, 0..<2), (.anyBroker, 0..<2): return .join(processor, milliseconds: length)
        case (_, 7..<10): return .pause(victim, milliseconds: length)
        default: return .kill(victim)
        }
    }
}
