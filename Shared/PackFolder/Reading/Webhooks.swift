import Contracts
import Foundation
import NotificationWords

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

func checkEvent(
    _ event: String, among events: [String], _ file: PackFile, _ position: PackProblem.Position?,
    _ problems: inout ProblemLog
) {
    guard !events.contains(event) else { return }
    problems.add(
        .unknownEvent, file, position, "the event \(event) is not known",
        "the events are \(events.joined(separator: ", "))")
}
