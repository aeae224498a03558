package import Contracts

extension CaseRefusal {
    /// A report that this store never had.
    package static func unknownReport(_ reportId: ReportID) -> CaseRefusal {
        CaseRefusal(
            .unknownReport, chinese: "没有上报 \(reportId)，请重新上报。",
            english: "There is no report \(reportId): please report it anew.")
    }

    static var notReporters: CaseRefusal {
        CaseRefusal(
            .notAllowed, chinese: "只有上报人或代为上报的平台可以补充、修改或撤回。",
            english: "Only its reporter, or the platform that sent it, can add to a report, change it or take it back.")
    }

    static func withdrawnBefore(in number: String) -> CaseRefusal {
        CaseRefusal(
            .withdrawnBefore, chinese: "该上报已从案件 \(number) 撤回；如仍有问题，请重新上报。",
            english:
                "The report was taken back from case \(number) already. If the problem is still there, report it anew.")
    }

    static var editWindowOver: CaseRefusal {
        CaseRefusal(
            .editWindowOver, chinese: "上报超过 10 分钟，不能修改；可以补充情况。",
            english: "A report can be changed for 10 minutes only: add information to it instead.")
    }

    static var emptyAmendment: CaseRefusal {
        CaseRefusal(
            .nothingChanges, chinese: "没有写明补充或修改的内容，请写明或附照片。",
            english: "There is nothing in it: write what is new, or send a photo.")
    }

    static var tooManyAmendments: CaseRefusal {
        CaseRefusal(
            .tooManyAmendments, chinese: "案件已补充或修改 \(Case.mostAmendments) 次，不能再加；如有新问题，请重新上报。",
            english: "\(Case.mostAmendments) amendments came to this case already: report what is new on its own.")
    }
}

extension Case {
    var tooLateToWithdraw: CaseRefusal {
        guard isOpen else { return hasEnded }
        return CaseRefusal(
            .wrongStage, chinese: "案件\(stage.name.chinese)，正在办理，不能撤回；可以补充情况。",
            english:
                "The case is \(stage.name.rawValue): it is being worked on, so the report stays. Add information instead."
        )
    }

    var hasEnded: CaseRefusal {
        CaseRefusal(
            .wrongStage, chinese: "案件\(stage.name.chinese)，不能再补充、修改或撤回；如仍有问题，请重新上报。",
            english:
                "The case is \(stage.name.rawValue), its reports stay. If the problem is still there, report it anew.")
    }
}
