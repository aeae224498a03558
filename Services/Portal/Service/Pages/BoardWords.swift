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
        case .parked: Label("挂账", "Parked")
        case .waiting: Label("待补充", "Waiting for the reporter")
        case .referred: Label("议事中", "In deliberation")
        case .merged: Label("已并案", "Merged")
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
        case .checked: Label("现场核实", "checked")
        case .accepted: Label("签收", "accepted")
        case .parked: Label("挂账", "parked")
        case .resumed: Label("恢复计时", "resumed")
        case .extensionAsked: Label("申请延期", "asked for more time")
        case .extensionDecided: Label("延期审批", "more time decided")
        case .informationAsked: Label("请上报人补充", "reporter asked")
        case .informationGiven: Label("上报人答复", "reporter answered")
        case .handedOver: Label("转外部单位", "handed over")
        case .referred: Label("提交议事", "referred to deliberation")
        case .rated: Label("回访", "rated")
        case .filingOverdue: Label("立案超时", "not judged in time")
        case .keptOverdue: Label("首接超期", "keeper overdue")
        case .nearDue: Label("临期", "near due")
        case .escalated: Label("升级", "escalated")
        case .whistled: Label("吹哨", "whistle blown")
        case .checkedIn: Label("报到", "checked in")
        case .whistleEnded: Label("报到截止", "whistle ended")
        case .coOwnerAdded: Label("协办", "co-owner added")
        case .coOwnerHandled: Label("协办完成", "co-owner done")
        case .coOwnerOverdue: Label("协办超时", "co-owner overdue")
        case .merged: Label("并案", "merged")
        case .split: Label("拆案", "split")
        case .mergeProposed: Label("疑似重复", "may be the same")
        case .keptApart: Label("确认不同", "kept apart")
        case .adopted: Label("归入主案", "part of another case")
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
        case .checked, .mergeProposed, .keptApart: CaseStage.opened.rawValue
        case .parked: CaseStage.parked.rawValue
        case .informationAsked: CaseStage.waiting.rawValue
        case .referred: CaseStage.referred.rawValue
        case .merged: CaseStage.merged.rawValue
        case .rated: CaseStage.closed.rawValue
        case .filingOverdue, .keptOverdue, .nearDue, .escalated, .whistled, .whistleEnded, .coOwnerOverdue: "overdue"
        case .accepted, .resumed, .extensionAsked, .extensionDecided, .informationGiven, .handedOver, .checkedIn,
            .coOwnerAdded, .coOwnerHandled, .split, .adopted:
            CaseStage.dispatched.rawValue
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
