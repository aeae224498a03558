import Contracts

/// What happened to service requests, for systems that ask again and again: mySociety's `servicerequestupdates`.
enum RequestUpdates {
    /// How far a call looks back that names no start.
    static let usualSpan: Int64 = 2 * 3_600_000

    /// - Throws: `Open311Fault` 400 with everything that is wrong.
    static func window(
        _ arguments: Open311Arguments, now: Timestamp
    ) throws(Open311Fault) -> (span: Range<Timestamp>, page: CasePage) {
        var wrong: [String] = []
        let span = arguments.span(upTo: now, usually: usualSpan, wrong: &wrong)
        let page = arguments.page(wrong: &wrong)
        try Open311Fault.throwIfAny(wrong)
        return (span, page)
    }

    static func answer(_ updates: [CaseUpdate]) -> Open311Answer {
        Open311Answer(root: "service_requests_updates", tree: .list(of: "request_update", updates.map(tree)))
    }

    /// Spans overlap, so readers know an update again by its id: the case and its version never name another one.
    private static func tree(_ update: CaseUpdate) -> ResponseTree {
        .members([
            "update_id": .text("\(update.caseId.rawValue)-\(update.version)"),
            "service_request_id": .text(update.caseId.rawValue),
            "status": .text(update.stage.updateStatus),
            "updated_datetime": .moment(update.at),
            "description": .text(update.stage.chinese),
            "media_url": .null,
            "external_status_code": .text(update.stage.rawValue),
        ])
    }

    /// Why none is taken in: an update must reach routing, which knows no such command.
    static let refusal = Open311Fault.badRequest(
        "Updates cannot be taken here yet. Staff act on cases in the portal; reporters can send a new request.")
}

extension CaseStage {
    /// In mySociety's words.
    fileprivate var updateStatus: String {
        switch self {
        case .opened: "OPEN"
        case .filed: "INVESTIGATING"
        case .dispatched, .handled: "IN_PROGRESS"
        case .closed: "FIXED"
        case .refused: "NO_FURTHER_ACTION"
        case .transferred: "INTERNAL_REFERRAL"
        case .cancelled: "CANCELLED"
        }
    }
}
