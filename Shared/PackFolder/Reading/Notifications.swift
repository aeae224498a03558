import Contracts
import Foundation
import NotificationWords
import WorkingTime
import Yams

/// Who reads what, by which ways and when, as `notifications.yaml` has it.
struct NotificationsDraft {
    let templates: [Entry<PackTemplate>]
    /// Nil where the file says nothing but its texts.
    let settings: PackNotifications?
}

private let notificationKeys = ["languages", "quietHours", "mealPeaks", "mergeMinutes", "digest", "texts"]

/// Reads the texts and their settings; nil where the file, or a text, could not be read.
func readNotifications(_ folder: URL, _ problems: inout ProblemLog) -> NotificationsDraft? {
    let file = PackFile.notifications
    let before = problems.problems.count
    let nothing = NotificationsDraft(templates: [], settings: nil)
    guard let root = yamlRoot(of: file, in: folder, &problems) else {
        return problems.problems.count == before ? nothing : nil
    }
    if root.null != nil { return nothing }
    guard let table = YAMLTable(root, in: file, keys: notificationKeys, &problems) else { return nil }
    let languages = readLanguages(table, &problems)
    let needsEnglish = languages?.contains(.english) == true
    guard let templates = readTemplates(table, needsEnglish: needsEnglish, &problems) else { return nil }
    let settings = PackNotifications {
        $0.languages = languages
        $0.mealPeaks = readMealPeaks(table, &problems)
        $0.quietHours = readQuietHours(table, &problems)
        $0.mergeMinutes = number("mergeMinutes", in: 0...60, of: table, &problems)
        $0.digest = readDigest(table, needsEnglish: needsEnglish, &problems)
    }
    return NotificationsDraft(
        templates: templates, settings: settings == PackNotifications() ? nil : settings)
}

private func readLanguages(_ table: YAMLTable, _ problems: inout ProblemLog) -> [NotificationLanguage]? {
    guard table.has("languages") else { return nil }
    return table.texts("languages", &problems).compactMap { entry in
        guard let language = NotificationLanguage(rawValue: entry.value) else {
            problems.add(
                .badValue, table.file, entry.position, "the language \(entry.value) is not known",
                "write zh, or [zh, en]")
            return nil
        }
        return language
    }
}

/// Hours such as `22:00-07:00`, which may go over midnight.
private func readQuietHours(_ table: YAMLTable, _ problems: inout ProblemLog) -> QuietHours? {
    let key = "quietHours"
    guard table.has(key), let text = table.text(key, &problems) else { return nil }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { minuteOfDay(String($0)) }
    guard ends.count == 2, let from = ends[0], let to = ends[1], from != to else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(text)", "write it as 22:00-07:00")
        return nil
    }
    return QuietHours(from: from, to: to)
}

/// Minutes after midnight of `09:00`, below `24:00`.
private func minuteOfDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
        let minute = Int(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
    else { return nil }
    return hour * 60 + minute
}

private let digestKeys = ["weekday", "time", "channels", "title", "body", "short", "en"]

private func readDigest(
    _ notifications: YAMLTable, needsEnglish: Bool, _ problems: inout ProblemLog
) -> PackDigest? {
    guard let node = notifications.node("digest"),
        let table = YAMLTable(node, in: notifications.file, keys: digestKeys, &problems)
    else { return nil }
    let weekday = table.text("weekday", &problems).flatMap { readWeekday($0, table, &problems) }
    let time = table.text("time", &problems)
    let minute = time.flatMap(minuteOfDay)
    if let time, minute == nil {
        problems.add(
            .badValue, table.file, table.position(of: "time"), "time is \(time)", "write it as \"10:00\"")
    }
    let known = Set(TellableEvent.digestVariables)
    let text = readText(table, fillable: known, known: TellableEvent.digestVariables, &problems)
    let english = readEnglish(
        table, fillable: known, known: TellableEvent.digestVariables, isNeeded: needsEnglish, &problems)
    // WeChat sends nothing without a template, and a template is of one event.
    let channels = readChannels(table, among: Channel.ofPersons.filter { $0 != .weChat }, &problems)
    guard let weekday, let minute else { return nil }
    return PackDigest(weekday: weekday, minute: minute, text: text, english: english, channels: channels ?? [])
}

private func readWeekday(_ text: String, _ table: YAMLTable, _ problems: inout ProblemLog) -> Int? {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    guard let index = days.firstIndex(of: text) else {
        problems.add(
            .badValue, table.file, table.position(of: "weekday"), "weekday is \(text)",
            "write one of \(days.joined(separator: ", "))")
        return nil
    }
    return index + 1
}
