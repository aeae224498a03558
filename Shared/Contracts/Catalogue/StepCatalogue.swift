private typealias Town = SampleTown

extension CaseChanged.Step {
    /// The step with the optional fields that it carries.
    var sample: CaseChanged {
        func taken(
            by actor: PersonID?, _ reason: String?, agrees: Bool? = nil, deadline: Timestamp? = nil,
            reworks: Int? = nil,
            details: StepDetails? = nil
        ) -> CaseChanged {
            CaseChanged(
                step: self, case: Town.reference, at: Town.minutesLater(30), actorId: actor, reason: reason,
                agrees: agrees, deadline: deadline, reworks: reworks, details: details)
        }
        return switch self {
        case .filed: taken(by: Town.dispatcher, "照片清楚，位置准确")
        case .refused: taken(by: Town.dispatcher, "属于商户正常堆放，当日清运")
        case .dispatched: taken(by: Town.dispatcher, "物业值班人员在岗", deadline: Town.minutesLater(240), reworks: 0)
        case .returned: taken(by: Town.worker, "不在物业服务范围内")
        case .handled:
            taken(by: Town.worker, "已清运并冲洗地面", details: StepDetails { $0.photos = Town.photos })
        case .verified:
            taken(
                by: Town.dispatcher, "现场已清理", agrees: true, reworks: 1,
                details: StepDetails { $0.photos = Town.photos })
        case .closed:
            taken(by: Town.dispatcher, "核查通过", details: StepDetails { $0.otherCaseId = Town.otherCaseID })
        case .reopened:
            taken(by: Town.dispatcher, "垃圾再次堆积", details: StepDetails { $0.otherCaseId = Town.otherCaseID })
        case .overdue: taken(by: nil, nil, deadline: Town.minutesLater(25))
        case .cancelled: taken(by: Town.rider, "已自行清理")
        case .checked:
            taken(by: Town.worker, "现场属实", agrees: true, details: StepDetails { $0.photos = Town.photos })
        case .accepted:
            taken(by: Town.worker, "已安排人员")
        case .parked:
            taken(
                by: Town.dispatcher, "待市政管网改造，计划 12 月施工", details: StepDetails { $0.until = Town.minutesLater(14_400) })
        case .resumed:
            taken(by: Town.dispatcher, "管网已改造", deadline: Town.minutesLater(15_000))
        case .extensionAsked:
            taken(by: Town.worker, "配件要从厂家调", details: StepDetails { $0.limit = "2d" })
        case .extensionDecided:
            taken(
                by: Town.dispatcher, "情况属实", agrees: true, deadline: Town.minutesLater(3_000),
                details: StepDetails { $0.limit = "2d" })
        case .informationAsked:
            taken(by: Town.dispatcher, "请问是几单元门口？", details: StepDetails { $0.until = Town.minutesLater(4_320) })
        case .informationGiven:
            taken(by: Town.rider, "2 单元门口", deadline: Town.minutesLater(600))
        case .handedOver:
            taken(
                by: Town.dispatcher, "井盖权属单位处置",
                details: StepDetails {
                    $0.party = "市电信分公司"
                    $0.until = Town.minutesLater(1_440)
                })
        case .referred:
            taken(by: Town.dispatcher, "涉及公共收益，须业主议事")
        case .rated:
            taken(
                by: Town.rider, "清理得很快",
                details: StepDetails {
                    $0.satisfied = true
                    $0.solved = true
                })
        case .filingOverdue: taken(by: nil, nil, deadline: Town.minutesLater(60))
        case .keptOverdue:
            taken(by: nil, nil, deadline: Town.minutesLater(240), details: StepDetails { $0.unitIds = ["sanitation"] })
        case .nearDue:
            taken(by: nil, nil, deadline: Town.minutesLater(240), details: StepDetails { $0.used = 800 })
        case .escalated:
            taken(by: nil, "两次退回", details: StepDetails { $0.level = 2 })
        case .whistled:
            taken(
                by: Town.dispatcher, "多部门联合处置",
                details: StepDetails {
                    $0.unitIds = [Town.property, "fire-rescue"]
                    $0.until = Town.minutesLater(90)
                })
        case .checkedIn:
            taken(by: Town.worker, "已到现场", details: StepDetails { $0.unitIds = [Town.property] })
        case .whistleEnded:
            taken(by: nil, nil, details: StepDetails { $0.unitIds = ["fire-rescue"] })
        case .coOwnerAdded:
            taken(
                by: Town.dispatcher, "管线由电信配合", deadline: Town.minutesLater(600),
                details: StepDetails {
                    $0.unitIds = ["telecom"]
                    $0.limit = "4w"
                })
        case .coOwnerHandled:
            taken(
                by: Town.worker, "线缆已固定",
                details: StepDetails {
                    $0.unitIds = ["telecom"]
                    $0.photos = Town.photos
                })
        case .coOwnerOverdue:
            taken(by: nil, nil, deadline: Town.minutesLater(600), details: StepDetails { $0.unitIds = ["telecom"] })
        case .merged:
            taken(
                by: Town.dispatcher, "同一处垃圾",
                details: StepDetails {
                    $0.otherCaseId = Town.otherCaseID
                    $0.reportIds = [Town.report]
                    $0.match = Town.match
                })
        case .split:
            taken(
                by: Town.dispatcher, "是两处",
                details: StepDetails {
                    $0.otherCaseId = Town.otherCaseID
                    $0.reportIds = [Town.secondReport]
                })
        case .mergeProposed:
            taken(
                by: nil, nil,
                details: StepDetails {
                    $0.otherCaseId = Town.otherCaseID
                    $0.match = Town.match
                })
        case .keptApart:
            taken(
                by: Town.dispatcher, "不同楼栋",
                details: StepDetails {
                    $0.otherCaseId = Town.otherCaseID
                    $0.match = Town.match
                })
        case .adopted:
            taken(by: Town.dispatcher, "同一次施工", details: StepDetails { $0.otherCaseId = Town.otherCaseID })
        }
    }

    var purpose: String {
        switch self {
        case .filed: "A case was found true and worth handling 立案."
        case .refused: "A case will not be handled, with the reason 不予立案."
        case .dispatched: "A case was given to a unit and a handler 派遣, and the handling clock started."
        case .returned: "A unit gave a case back, with the reason."
        case .handled: "A problem is handled, by the handler's word 处置反馈."
        case .verified: "Somebody who is neither handler nor reporter looked 核查, and said what they saw."
        case .closed: "A case was closed 结案."
        case .reopened: "A closed case was opened once more."
        case .overdue: "A deadline passed with the case not handled 超时."
        case .cancelled: "The only reporter of a case took it back 撤销."
        case .checked: "Somebody looked before filing 核实, and said whether it is as reported."
        case .accepted: "A unit took a case on 签收."
        case .parked: "A case rests until a date, with a plan 挂账; the clock stands still."
        case .resumed: "The clock of a case runs on."
        case .extensionAsked: "A handler asked for more time 申请延期."
        case .extensionDecided: "More time was granted or denied, by another person than who asked."
        case .informationAsked: "The reporter was asked for more 待补充; the clock stands still."
        case .informationGiven: "The reporter answered."
        case .handedOver: "A case was handed to an outside party by link."
        case .referred: "A case was referred to deliberation 提交议事; the clock stands still."
        case .rated: "A reporter said whether a closed case is solved and whether they are satisfied 回访."
        case .filingOverdue: "Nobody judged a report in the time for that 立案超时."
        case .keptOverdue: "The unit that keeps a returned case 首接负责 did not get it taken on by another in its time."
        case .nearDue: "Most of the time of a case is used up 临期."
        case .escalated: "A case went up a level: unit head, street, district."
        case .whistled: "Units were called to the spot of a case 吹哨."
        case .checkedIn: "A called unit is on the spot 报到."
        case .whistleEnded: "The time to be on the spot is over; the units named did not come."
        case .coOwnerAdded: "Another unit has a part in a case 协办, with a clock of its own."
        case .coOwnerHandled: "A co-owner did its part."
        case .coOwnerOverdue: "The deadline of a co-owner passed."
        case .merged: "A case was merged into another one 并案; its reports are there now."
        case .split: "Reports were taken out of a case into another one."
        case .mergeProposed: "A case may be the same as another one; a dispatcher decides."
        case .keptApart: "Two cases that were proposed as one are two."
        case .adopted: "A case is a part of another one now."
        }
    }
}
