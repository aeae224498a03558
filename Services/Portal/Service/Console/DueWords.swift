import Contracts

/// What a case waits for next, and until when.
struct DueClock: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        /// 立案, 派遣, 处置, 核查; and when a case that rests goes on.
        case filing, dispatch, handling, verification, rest
    }

    /// How urgent it is, for colours: words say it, too.
    enum Tone: String, Sendable {
        case calm, soon, late
    }

    /// Less than so many milliseconds left is soon: four hours.
    private static let soon: Int64 = 4 * 3_600_000

    let kind: Kind
    let at: Timestamp

    /// Nil where no clock runs.
    init?(_ state: CaseState) {
        let course = state.course
        let (kind, at): (Kind, Timestamp?) =
            switch state.stage {
            case .opened: (.filing, course?.filingDeadline)
            case .filed: (.dispatch, course?.dispatchDeadline ?? course?.keptDeadline)
            case .dispatched: (.handling, state.deadline)
            case .handled: (.verification, course?.verificationDeadline)
            case .parked, .waiting: (.rest, course?.restsUntil)
            case .referred, .closed, .refused, .transferred, .cancelled, .merged: (.rest, nil)
            }
        guard let at else { return nil }
        self.kind = kind
        self.at = at
    }

    func tone(at now: Timestamp) -> Tone {
        let left = at.milliseconds - now.milliseconds
        guard kind != .rest else { return .calm }
        return left < 0 ? .late : left < Self.soon ? .soon : .calm
    }

    /// As people say it: 还剩 3 小时, 超时 2 天.
    func said(at now: Timestamp, _ words: Words, _ language: Language) -> String {
        let left = at.milliseconds - now.milliseconds
        let minutes = abs(left) / 60_000
        let (unit, count) =
            switch minutes {
            case ..<60: ("minutes", minutes)
            case ..<(48 * 60): ("hours", minutes / 60)
            default: ("days", minutes / (24 * 60))
            }
        let side = kind == .rest ? "rests" : left < 0 ? "late" : "left"
        return words.text("due.\(side)-\(unit)", language, ["count": String(count)])
    }
}
