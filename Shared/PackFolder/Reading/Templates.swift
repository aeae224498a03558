import Contracts
import NotificationWords

private let templateKeys = [
    "event", "role", "kind", "channels", "critical", "title", "body", "short", "en", "wechat", "sms",
]

func readTemplates(
    _ notifications: YAMLTable, needsEnglish: Bool, _ problems: inout ProblemLog
) -> [Entry<PackTemplate>]? {
    let file = notifications.file
    let templates = notifications.tables("texts", keys: templateKeys, &problems).map { table in
        table.flatMap { readTemplate($0, needsEnglish: needsEnglish, &problems) }
    }
    guard let complete = withoutGaps(templates) else { return nil }
    return dropDuplicates(
        complete, file, called: "the text for", by: { "\($0.event) and \($0.role.rawValue)" }, &problems)
}

private func readTemplate(
    _ table: YAMLTable, needsEnglish: Bool, _ problems: inout ProblemLog
) -> Entry<PackTemplate>? {
    guard let event = table.text("event", &problems), let role = readRole(table, &problems) else { return nil }
    checkEvent(event, among: TellableEvent.all, table.file, table.position(of: "event"), &problems)
    let isKnown = TellableEvent.all.contains(event)
    let fillable = isKnown ? TellableEvent.variables(of: event) : Set(TellableEvent.variables)
    let text = readText(table, fillable: fillable, known: TellableEvent.variables, of: event, &problems)
    return Entry(
        value: PackTemplate(event: event, role: role, title: text.title, body: text.body) {
            $0.short = text.short
            $0.english = readEnglish(
                table, fillable: fillable, known: TellableEvent.variables, of: event, isNeeded: needsEnglish,
                &problems)
            $0.kind = readChoice(NotificationKind.self, "kind", of: table, &problems)
            $0.channels = readChannels(table, among: Channel.ofPersons, &problems)
            $0.critical = readFlag("critical", of: table, &problems)
            $0.weChat = readProviderTemplate("wechat", of: table, fillable: fillable, event: event, &problems)
            $0.sms = readProviderTemplate("sms", of: table, fillable: fillable, event: event, &problems)
            checkWeChat($0, table, &problems)
        }, position: table.position)
}

private func readRole(_ table: YAMLTable, _ problems: inout ProblemLog) -> AudienceRole? {
    guard let text = table.text("role", &problems) else { return nil }
    guard let role = AudienceRole(rawValue: text) else {
        let roles = AudienceRole.allCases.filter { $0 != .unit }.map(\.rawValue)
        problems.add(
            .unknownRole, table.file, table.position(of: "role"), "the role \(text) is not known",
            "write one of \(roles.joined(separator: ", "))")
        return nil
    }
    return role
}

// MARK: - Texts

/// Title, body and short text of a table, with their variables checked.
func readText(
    _ table: YAMLTable, fillable: Set<String>, known: [String], of event: String? = nil,
    _ problems: inout ProblemLog
) -> PackText {
    let text = PackText(
        title: table.text("title", &problems) ?? "", body: table.text("body", &problems) ?? "",
        short: table.optionalText("short", &problems))
    for (key, words) in [("title", text.title), ("body", text.body), ("short", text.short ?? "")] {
        checkVariables(words, table, key, fillable: fillable, known: known, of: event, &problems)
    }
    return text
}

func readEnglish(
    _ table: YAMLTable, fillable: Set<String>, known: [String], of event: String? = nil, isNeeded: Bool,
    _ problems: inout ProblemLog
) -> PackText? {
    guard let node = table.node("en") else {
        if isNeeded {
            problems.add(
                .textWithoutEnglish, table.file, table.position, "there is no English text",
                "add `en: { title: …, body: … }`, or take `en` out of `languages`")
        }
        return nil
    }
    let keys = ["title", "body", "short"]
    guard let english = YAMLTable(node, in: table.file, keys: keys, &problems) else { return nil }
    return readText(english, fillable: fillable, known: known, of: event, &problems)
}

private func checkVariables(
    _ text: String, _ table: YAMLTable, _ key: String, fillable: Set<String>, known: [String], of event: String?,
    _ problems: inout ProblemLog
) {
    for variable in variables(in: text) {
        if !known.contains(variable) {
            problems.add(
                .unknownVariable, table.file, table.position(of: key), "{\(variable)} in \(key) is not known",
                "the variables are " + known.map { "{\($0)}" }.joined(separator: ", "))
        } else if !fillable.contains(variable) {
            problems.add(
                .variableNeverFilled, table.file, table.position(of: key),
                "\(event ?? "this") has nothing to fill {\(variable)} with", "say it without")
        }
    }
}

/// What stands in braces; a brace that is never closed gives the rest of the text.
private func variables(in text: String) -> [String] {
    text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { piece in
        String(piece.prefix { $0 != "}" })
    }
}

// MARK: - Ways

/// The channels of a table; nil where nothing is said of them.
func readChannels(_ table: YAMLTable, among allowed: [Channel], _ problems: inout ProblemLog) -> [Channel]? {
    guard table.has("channels") else { return nil }
    let named = table.texts("channels", &problems).compactMap { entry -> Channel? in
        guard let channel = Channel(rawValue: entry.value), allowed.contains(channel) else {
            problems.add(
                .unknownChannel, table.file, entry.position, "the channel \(entry.value) is not possible here",
                "write some of \(allowed.map(\.rawValue).joined(separator: ", ")); the inbox is always written")
            return nil
        }
        return channel
    }
    return Channel.allCases.filter(named.contains)
}

private func readProviderTemplate(
    _ key: String, of table: YAMLTable, fillable: Set<String>, event: String, _ problems: inout ProblemLog
) -> PackProviderTemplate? {
    guard let node = table.node(key),
        let provider = YAMLTable(node, in: table.file, keys: ["template", "variables"], &problems),
        let id = provider.text("template", &problems)
    else { return nil }
    var filled: [String: String] = [:]
    for (name, text) in provider.pairs("variables", &problems) {
        checkVariables(
            text, provider, "variables", fillable: fillable, known: TellableEvent.variables, of: event, &problems)
        filled[name] = text
    }
    return PackProviderTemplate(id: id, variables: filled)
}

/// WeChat sends nothing that has no template there.
private func checkWeChat(_ template: PackTemplate, _ table: YAMLTable, _ problems: inout ProblemLog) {
    guard template.channels?.contains(.weChat) == true, template.weChat == nil else { return }
    problems.add(
        .channelWithoutTemplate, table.file, table.position(of: "channels"),
        "wechat is among the channels, but no template of WeChat is named",
        "add `wechat: { template: …, variables: … }`, or take it out")
}

// MARK: - Values

private func readChoice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type, _ key: String, of table: YAMLTable, _ problems: inout ProblemLog
) -> Choice? where Choice.RawValue == String {
    guard table.has(key), let text = table.text(key, &problems) else { return nil }
    guard let choice = Choice(rawValue: text) else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(text)",
            "write one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }
    return choice
}

private func readFlag(_ key: String, of table: YAMLTable, _ problems: inout ProblemLog) -> Bool? {
    guard table.has(key), let text = table.text(key, &problems) else { return nil }
    guard ["true", "false"].contains(text) else {
        problems.add(
            .badValue, table.file, table.position(of: key), "\(key) is \(text)", "write true or false")
        return nil
    }
    return text == "true"
}
