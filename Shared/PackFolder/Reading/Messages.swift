import Contracts
import Foundation

/// The events that people can be told about, and what a text about them can be filled with.
enum TellableEvent {
    static let caseEvents =
        [CaseOpened.type, ReportJoined.type] + CaseChanged.Step.allCases.map(\.rawValue) + [
            CaseTransferred.type, CaseReportAmended.type, CaseReclassified.type,
        ]
    static let pointEvents = PointsMoved.Step.allCases.map(\.rawValue)
    /// Of what a person did not do themselves.
    private static let pointEventsToldOf: [PointsMoved.Step] = [
        .pended, .shared, .released, .voided, .capped, .awarded, .timedOut, .refunded, .expired, .clawedBack,
        .corrected,
    ]
    /// A notice that points are to be taken back, and how it ended; who objects knows.
    static let noticeEvents = [NoticeChanged.Step.given, .upheld, .lapsed, .dismissed].map(\.rawValue)
    static let all = caseEvents + pointEvents + noticeEvents

    /// Every variable that a template may hold.
    static let variables = ["caseNumber", "category", "reason", "points", "deadline"]

    /// Those of them that the event can fill.
    static func variables(of event: String) -> Set<String> {
        if noticeEvents.contains(event) { return ["points", "reason", "deadline"] }
        if pointEvents.contains(event) { return ["caseNumber", "points", "reason"] }
        switch event {
        case CaseOpened.type, ReportJoined.type: return ["caseNumber", "category"]
        case _ where deadlineEvents.contains(event): return ["caseNumber", "category", "reason", "deadline"]
        default: return ["caseNumber", "category", "reason"]
        }
    }

    /// The steps that set, move or meet a deadline.
    private static let deadlineEvents = Set(
        [
            CaseChanged.Step.dispatched, .overdue, .nearDue, .resumed, .informationGiven, .extensionDecided,
            .coOwnerAdded, .coOwnerOverdue, .keptOverdue, .whistled,
        ].map(\.rawValue))

    /// What people expect to be told: a pack without a text for one of these leaves them waiting.
    static let expected: [(role: AudienceRole, events: [String])] = [
        (
            .reporter,
            [
                CaseOpened.type, ReportJoined.type, CaseChanged.Step.filed.rawValue,
                CaseChanged.Step.refused.rawValue, CaseChanged.Step.dispatched.rawValue,
                CaseChanged.Step.closed.rawValue, CaseChanged.Step.reopened.rawValue,
                CaseChanged.Step.informationAsked.rawValue,
            ] + pointEventsToldOf.map(\.rawValue) + noticeEvents
        ),
        (
            .handler,
            [
                CaseChanged.Step.dispatched.rawValue, CaseChanged.Step.overdue.rawValue,
                CaseChanged.Step.verified.rawValue, CaseChanged.Step.reopened.rawValue,
                CaseChanged.Step.nearDue.rawValue,
            ]
        ),
        (
            .member,
            [
                CaseChanged.Step.escalated.rawValue, CaseChanged.Step.whistled.rawValue,
                CaseChanged.Step.coOwnerAdded.rawValue,
            ]
        ),
    ]
}

func readTemplates(_ folder: URL, _ problems: inout ProblemLog) -> [Entry<PackTemplate>]? {
    let file = PackFile.notifications
    let tables = yamlList(of: file, in: folder, keys: ["event", "role", "title", "body"], &problems)
    guard let tables else { return nil }
    let templates = tables.map { item -> Entry<PackTemplate>? in
        guard let table = item else { return nil }
        guard let event = table.text("event", &problems), let roleText = table.text("role", &problems) else {
            return nil
        }
        checkEvent(event, among: TellableEvent.all, file, table.position(of: "event"), &problems)
        guard let role = AudienceRole(rawValue: roleText) else {
            problems.add(
                .unknownRole, file, table.position(of: "role"), "the role \(roleText) is not known",
                "write reporter or handler")
            return nil
        }
        let title = table.text("title", &problems) ?? ""
        let body = table.text("body", &problems) ?? ""
        for key in ["title", "body"] {
            checkVariables(key == "title" ? title : body, of: event, table, key, &problems)
        }
        return Entry(
            value: PackTemplate(event: event, role: role, title: title, body: body), position: table.position)
    }
    guard let complete = withoutGaps(templates) else { return nil }
    return dropDuplicates(
        complete, file, called: "the text for", by: { "\($0.event) and \($0.role.rawValue)" }, &problems)
}

func readWebhooks(_ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog) -> [Entry<PackWebhook>]? {
    let file = PackFile.webhooks
    guard let tables = yamlList(of: file, in: folder, keys: ["unit", "url", "events"], &problems) else { return nil }
    let webhooks = tables.map { item -> Entry<PackWebhook>? in
        guard let table = item else { return nil }
        guard let unit = table.text("unit", &problems), let url = table.text("url", &problems) else { return nil }
        _ = known.has(UnitID(unit), file, table.position(of: "unit"), &problems)
        let parts = URLComponents(string: url)
        if !["http", "https"].contains(parts?.scheme) || parts?.host?.isEmpty != false || parts?.user != nil {
            problems.add(
                .badURL, file, table.position(of: "url"), "\(url) is no address that can be called",
                "write it as https://host/path, without a password in it")
        }
        let events = table.texts("events", &problems)
        for event in events {
            checkEvent(event.value, among: TellableEvent.caseEvents, file, event.position, &problems)
        }
        return Entry(
            value: PackWebhook(unitId: UnitID(unit), url: url, events: events.map(\.value)), position: table.position)
    }
    guard let complete = withoutGaps(webhooks) else { return nil }
    return dropDuplicates(complete, file, called: "the webhook of", by: { "\($0.unitId) to \($0.url)" }, &problems)
}

private func checkEvent(
    _ event: String, among events: [String], _ file: PackFile, _ position: PackProblem.Position?,
    _ problems: inout ProblemLog
) {
    guard !events.contains(event) else { return }
    problems.add(
        .unknownEvent, file, position, "the event \(event) is not known",
        "the events are \(events.joined(separator: ", "))")
}

private func checkVariables(
    _ text: String, of event: String, _ table: YAMLTable, _ key: String, _ problems: inout ProblemLog
) {
    for variable in variables(in: text) {
        if !TellableEvent.variables.contains(variable) {
            problems.add(
                .unknownVariable, table.file, table.position(of: key), "{\(variable)} in \(key) is not known",
                "the variables are " + TellableEvent.variables.map { "{\($0)}" }.joined(separator: ", "))
        } else if TellableEvent.all.contains(event), !TellableEvent.variables(of: event).contains(variable) {
            problems.add(
                .variableNeverFilled, table.file, table.position(of: key),
                "\(event) has nothing to fill {\(variable)} with", "say it without")
        }
    }
}

/// What stands in braces; a brace that is never closed gives the rest of the text.
private func variables(in text: String) -> [String] {
    text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { piece in
        String(piece.prefix { $0 != "}" })
    }
}
