import Contracts
import ReportIntakeDomain
import ServiceKit
import Vocabulary

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

    /// - Parameter address: where a photo is found; nil for who is not told.
    static func answer(_ updates: [CaseUpdate], address: (@Sendable (PhotoID) -> String)?) -> Open311Answer {
        Open311Answer(
            root: "service_requests_updates", tree: .list(of: "request_update", updates.map { tree($0, address) }))
    }

    /// Spans overlap, so readers know an update again by its id: the case, and the version of it that the change made,
    /// which every instance reads in the state itself.
    private static func tree(_ update: CaseUpdate, _ address: (@Sendable (PhotoID) -> String)?) -> ResponseTree {
        // The work is to be seen once somebody says that it is done.
        let photo = [.handled, .closed].contains(update.stage) ? update.workPhotoId : nil
        return .members([
            "update_id": .text("\(update.caseId.rawValue)-\(update.version)"),
            "service_request_id": .text(update.caseId.rawValue),
            "status": .text(update.stage.updateStatus),
            "updated_datetime": .moment(update.at),
            "description": .text(update.stage.chinese),
            "media_url": .optional(photo.flatMap { photo in address.map { $0(photo) } }),
            "external_status_code": .text(update.stage.rawValue),
        ])
    }
}

/// What another system says about a request: mySociety's `POST servicerequestupdates`.
struct PostedUpdate {
    let caseId: String
    let form: AmendmentForm
    /// The other system's own id of the update, under which it may come again.
    let key: IdempotencyKey
    let json: JSONValue
    /// What was not taken as it came.
    private let notices: [String]

    /// The statuses that mySociety's extension knows.
    private static let statuses: Set<String> = [
        "OPEN", "CLOSED", "FIXED", "IN_PROGRESS", "ACTION_SCHEDULED", "INVESTIGATING", "DUPLICATE",
        "NOT_COUNCILS_RESPONSIBILITY", "NO_FURTHER_ACTION", "INTERNAL_REFERRAL", "FOR_TRIAGE", "CANCELLED", "REOPEN",
    ]

    /// - Throws: `Open311Fault` 400 with everything that is wrong.
    init(_ arguments: Open311Arguments) throws(Open311Fault) {
        var wrong: [String] = []
        let id = arguments["service_request_id"]
        if id == nil { wrong.append("service_request_id is missing.") }
        let status = arguments["status"]?.uppercased()
        if status.map(Self.statuses.contains) == false {
            wrong.append("status must be one of \(Self.statuses.sorted().joined(separator: ", ")).")
        }
        var text: Wording?
        do throws(FormFault) {
            text = try arguments["description"].map { words throws(FormFault) in try Wording(words) }
        } catch {
            wrong.append("description \(error.message).")
        }
        if text == nil, status == nil, wrong.isEmpty { wrong.append("Send a description, a status, or both.") }
        let key = arguments["update_id"].flatMap { IdempotencyKey($0) }
        if key == nil { wrong.append("update_id must be 1 to 255 visible ASCII characters.") }
        if let moment = arguments["updated_datetime"], Timestamp(moment) == nil {
            wrong.append("updated_datetime must be a moment such as 2026-03-01T08:30:00+08:00.")
        }
        if !arguments.files.isEmpty { wrong.append("An update has no files here: leave them out.") }
        notices = arguments.notices
        try Open311Fault.throwIfAny(wrong)
        guard let id, let key else { throw .badRequest("This is no update.") }
        caseId = id
        self.key = key
        form = AmendmentForm(.added, text: text, externalStatus: status)
        json = arguments.content
    }

    func answer(_ answer: AmendmentAnswer) -> Open311Answer {
        let update = ResponseTree.members(["update_id": .text(answer.amendment.id.description)])
        let sentences = [answer.emergency?.advice].compactMap(\.self) + notices
        return Open311Answer(
            root: "service_request_updates",
            tree: .list(
                of: "request_update",
                // mySociety's own answer has no such member, so it stands there only where there is something to say.
                [
                    sentences.isEmpty
                        ? update : update.adding(["service_notice": .text(sentences.joined(separator: " "))])
                ]))
    }
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
        case .parked: "ACTION_SCHEDULED"
        case .waiting: "INVESTIGATING"
        case .referred: "INTERNAL_REFERRAL"
        case .merged: "DUPLICATE"
        }
    }
}
