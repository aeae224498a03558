import Contracts
import Foundation

/// Reads what is asked about categories, in the order in which it is asked; nothing where the folder has no such file.
func readQuestions(
    _ folder: URL, _ known: KnownNames, _ problems: inout ProblemLog
) -> [Entry<PackQuestion>]? {
    let file = PackFile.questions
    guard file.exists(in: folder) else { return [] }
    let table = CSVTable(
        file, in: folder, required: ["code", "categories", "type", "text", "englishText"],
        optional: ["required", "values", "order", "hint", "englishHint", "informs"], &problems)
    guard let table, let rows = table.entries({ readQuestion($0, known, &problems) }) else { return nil }
    let questions = dropDuplicates(rows, file, called: "the question", by: \.question.code, &problems)
    // Those with a number come first; of equal ones and of those without, the row decides.
    let ordered = questions.enumerated().sorted { left, right in
        (left.element.value.order, left.offset) < (right.element.value.order, right.offset)
    }
    return ordered.map { Entry(value: $1.value.question, position: $1.position, isSound: $1.isSound) }
}

private struct NumberedQuestion {
    let question: PackQuestion
    let order: Int
}

private func readQuestion(
    _ row: CSVTable.Row, _ known: KnownNames, _ problems: inout ProblemLog
) -> Entry<NumberedQuestion>? {
    guard let code = row.text("code", &problems) else { return nil }
    checkID(code, row.file, row.position, &problems)
    let type = readType(row, &problems)
    let choices = readChoices(row, &problems)
    let isRequired = row.flag("required", &problems)
    let informs = row.flag("informs", &problems)
    if let type { check(code, type, isRequired: isRequired, informs: informs, row, &problems) }
    let (hint, englishHint) = readHints(row, &problems)
    let question = PackQuestion(
        code: code, categories: readCategories(of: row, known, &problems), type: type ?? .text,
        text: row.text("text", &problems) ?? "", englishText: row.text("englishText", &problems) ?? "",
        isRequired: isRequired, choices: choices, hint: hint, englishHint: englishHint, informs: informs)
    return Entry(
        value: NumberedQuestion(question: question, order: readOrder(row, &problems)), position: row.position)
}

private func readType(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> PackQuestion.AnswerType? {
    guard let text = row.text("type", &problems) else { return nil }
    if let type = PackQuestion.AnswerType(rawValue: text) { return type }
    problems.add(
        .badValue, row.file, row.position, "type is \(text)",
        "write one of \(PackQuestion.AnswerType.allCases.map(\.rawValue).joined(separator: ", "))")
    return nil
}

private func readCategories(
    of row: CSVTable.Row, _ known: KnownNames, _ problems: inout ProblemLog
) -> [CategoryCode] {
    let names = row.list("categories").map { Entry(value: $0, position: row.position) }
    if names.isEmpty {
        problems.add(
            .missingValue, row.file, row.position, "categories is empty",
            "write what it is asked about, split by ;, as in E0102;S*")
    }
    return known.categories(named: names, row.file, &problems).codes
}

/// The things of a list, each written as `key:名称|English name`; colon and bar may be wide.
private func readChoices(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> [PackQuestion.Choice] {
    var choices: [PackQuestion.Choice] = []
    for text in row.list("values") {
        guard let choice = choice(in: text) else {
            problems.add(
                .badValue, row.file, row.position, "the value \(text) is not complete",
                "write it as key:名称|English name")
            continue
        }
        checkID(choice.key, row.file, row.position, &problems)
        if choices.contains(where: { $0.key == choice.key }) {
            problems.add(
                .duplicate, row.file, row.position, "the value \(choice.key) stands twice",
                "take one of them out or rename it")
        }
        choices.append(choice)
    }
    return choices
}

private func choice(in text: String) -> PackQuestion.Choice? {
    func cut(_ text: Substring, at marks: [Character]) -> (String, Substring)? {
        guard let mark = text.firstIndex(where: marks.contains) else { return nil }
        return (text[..<mark].trimmingCharacters(in: .whitespaces), text[text.index(after: mark)...])
    }
    guard let (key, names) = cut(text[...], at: [":", "："]), let (name, rest) = cut(names, at: ["|", "｜"]) else {
        return nil
    }
    let englishName = rest.trimmingCharacters(in: .whitespaces)
    guard !key.isEmpty, !name.isEmpty, !englishName.isEmpty else { return nil }
    return PackQuestion.Choice(key: key, name: name, englishName: englishName)
}

private func readHints(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> (String?, String?) {
    let hint = row.optionalText("hint")
    let englishHint = row.optionalText("englishHint")
    if hint.isEmpty != englishHint.isEmpty {
        let empty = hint.isEmpty ? "hint" : "englishHint"
        problems.add(
            .missingValue, row.file, row.position, "\(empty) is empty",
            "write the hint in both languages, or take it out")
    }
    return (hint.isEmpty ? nil : hint, englishHint.isEmpty ? nil : englishHint)
}

private func readOrder(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> Int {
    let text = row.optionalText("order")
    guard !text.isEmpty else { return .max }
    if let order = Int(text), order > 0 { return order }
    problems.add(.badValue, row.file, row.position, "order is \(text)", "write a whole number from 1, or nothing")
    return .max
}

/// Notes what does not go together in one question.
private func check(
    _ code: String, _ type: PackQuestion.AnswerType, isRequired: Bool, informs: Bool, _ row: CSVTable.Row,
    _ problems: inout ProblemLog
) {
    if informs, type != .text {
        problems.add(
            .badValue, row.file, row.position, "\(code) only informs, but its type is \(type.rawValue)",
            "write text, or false under informs")
    } else if type.isList, row.list("values").isEmpty {
        problems.add(
            .listWithoutValues, row.file, row.position, "\(code) is a list with nothing to choose from",
            "write its values as key:名称|English name, split by ;")
    } else if !type.isList, !row.list("values").isEmpty {
        problems.add(
            .valuesWithoutList, row.file, row.position, "\(code) has values, but its type is \(type.rawValue)",
            "write singlevaluelist or multivaluelist, or take the values out")
    }
    if informs, isRequired {
        problems.add(
            .requiredInformation, row.file, row.position, "\(code) only informs, but an answer to it is required",
            "write false under required, or under informs")
    }
}
