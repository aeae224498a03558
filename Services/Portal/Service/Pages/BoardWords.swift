import Contracts

/// Chinese first, English beside it.
struct Label: Sendable, Equatable {
    let chinese: String
    let english: String

    init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }
}

extension CaseStage {
    var label: Label {
        switch self {
        case .opened: Label("已上报", "Reported")
        case .filed: Label("已立案", "Filed")
        case .dispatched: Label("已派遣", "Dispatched")
        case .handled: Label("待核查", "To verify")
        case .closed: Label("已结案", "Closed")
        case .refused: Label("不予立案", "Refused")
        case .transferred: Label("已移交", "Transferred")
        case .cancelled: Label("已撤销", "Cancelled")
        }
    }
}

/// What a step of a case is called on the board.
enum StepWords {
    static func label(_ type: String) -> Label {
        switch type {
        case CaseOpened.type: return Label("上报", "reported")
        case ReportJoined.type: return Label("合并上报", "joined by another report")
        case CaseTransferred.type: return Label("移交其他社区", "transferred")
        case CaseReportAmended.type: return Label("上报人补充", "amended by a reporter")
        case CaseReclassified.type: return Label("改类别", "reclassified")
        default: break
        }
        return switch CaseChanged.Step(rawValue: type) {
        case .filed: Label("立案", "filed")
        case .refused: Label("不予立案", "refused")
        case .dispatched: Label("派遣", "dispatched")
        case .returned: Label("退回", "returned")
        case .handled: Label("处置完成", "handled")
        case .verified: Label("现场核查", "verified")
        case .closed: Label("结案", "closed")
        case .reopened: Label("重新立案", "reopened")
        case .overdue: Label("超时", "overdue")
        case .cancelled: Label("撤销", "cancelled")
        case nil: Label("更新", "updated")
        }
    }

    /// The stage whose colour a step has.
    static func tone(_ type: String) -> String {
        switch type {
        case CaseOpened.type, ReportJoined.type, CaseReportAmended.type, CaseReclassified.type:
            return CaseStage.opened.rawValue
        case CaseTransferred.type: return CaseStage.transferred.rawValue
        default: break
        }
        return switch CaseChanged.Step(rawValue: type) {
        case .filed, .returned, .reopened: CaseStage.filed.rawValue
        case .refused: CaseStage.refused.rawValue
        case .dispatched: CaseStage.dispatched.rawValue
        case .handled, .verified: CaseStage.handled.rawValue
        case .closed: CaseStage.closed.rawValue
        case .overdue: "overdue"
        case .cancelled: CaseStage.cancelled.rawValue
        case nil: CaseStage.opened.rawValue
        }
    }
}

/// Times of day as people of the place read them.
struct LocalTime: Sendable {
    let offsetMinutes: Int

    init(_ pack: Pack?) { offsetMinutes = pack?.calendar.utcOffsetMinutes ?? 480 }

    /// The time of day, as `14:05`.
    func clock(_ moment: Timestamp) -> String { String(local(moment).prefix(16).suffix(5)) }

    /// The day and the time, as `11-24 14:05`, or only the time where it is today.
    func short(_ moment: Timestamp, now: Timestamp) -> String {
        let text = local(moment)
        return text.prefix(10) == local(now).prefix(10)
            ? clock(moment) : "\(text.prefix(10).suffix(5)) \(clock(moment))"
    }

    /// The day, as `2026-11-24`.
    func day(_ moment: Timestamp) -> String { String(local(moment).prefix(10)) }

    private func local(_ moment: Timestamp) -> String {
        moment.adding(milliseconds: Int64(offsetMinutes) * 60_000).description
    }
}
