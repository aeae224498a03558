import Contracts

/// Which cases are asked for; nil and empty fit everything.
struct CaseFilter: Sendable, Equatable {
    /// Any of these.
    var stages: [CaseStage] = []
    var isOpen: Bool?
    /// Words of its number, and of what the viewer may read of it.
    var text: String?
    /// Whether the words of requests and the addresses are searched, too: staff reads them.
    var searchesHidden = false
    var communityId: String?
    /// 网格.
    var gridId: String?
    var category: String?
    var ownerUnitId: String?
    var handlerId: String?
    var kind: ReportKind?
    var isOverdue: Bool?
    /// Open cases whose deadline lies before this.
    var dueBefore: Timestamp?
    var openedFrom: Timestamp?
    var openedBefore: Timestamp?
    /// 待人工: something keeps the system from going on alone.
    var isFlagged: Bool?
    /// 申请延期: more time was asked for and not yet decided.
    var asksForTime: Bool?
    /// The names of one person: only cases that this person reported.
    var reporter: [String] = []
    var order = CaseOrder.newest

    /// The stages that fit; nil where all do.
    var fittingStages: [CaseStage]? {
        guard let isOpen else { return stages.isEmpty ? nil : stages }
        return (stages.isEmpty ? CaseStage.allCases : stages).filter { $0.isOpen == isOpen }
    }
}

/// In which order cases are listed.
enum CaseOrder: String, Sendable, CaseIterable {
    /// 最新.
    case newest
    /// 最急: the deadline that comes first, then those without one, newest first.
    ///
    /// What is done has no deadline any more.
    case deadline
}

/// Where a page of cases ends, in either order.
struct CasePlace: Codable, Sendable, Equatable {
    let openedAt: Int64
    let caseId: String
    /// Its deadline when the page was read; absent in a page by age, and for a case without one.
    var due: Int64?

    init(_ state: CaseState, in order: CaseOrder = .newest) {
        openedAt = state.openedAt.milliseconds
        caseId = state.caseId.rawValue
        due = order == .deadline ? state.due?.milliseconds : nil
    }
}

extension CaseState {
    /// The deadline that somebody still has to keep.
    var due: Timestamp? { stage.isOpen ? deadline : nil }
}
