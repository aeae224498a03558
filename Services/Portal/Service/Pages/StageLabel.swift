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
