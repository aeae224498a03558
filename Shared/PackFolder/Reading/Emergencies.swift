import Contracts
import Foundation

/// Reads the words of danger; none where the folder has no such file.
func readEmergencies(_ folder: URL, _ problems: inout ProblemLog) -> [Entry<PackEmergency>]? {
    let file = PackFile.emergencies
    guard file.exists(in: folder) else { return [] }
    let table = CSVTable(
        file, in: folder, required: ["id", "words", "call", "advice", "englishAdvice"], optional: ["exceptions"],
        &problems)
    guard let table, let emergencies = table.entries({ readEmergency($0, &problems) }) else { return nil }
    return dropDuplicates(emergencies, file, called: "the emergency", by: \.id, &problems)
}

private func readEmergency(_ row: CSVTable.Row, _ problems: inout ProblemLog) -> Entry<PackEmergency>? {
    guard let id = row.text("id", &problems) else { return nil }
    checkID(id, row.file, row.position, &problems)
    let words = row.list("words")
    if words.isEmpty {
        problems.add(
            .missingValue, row.file, row.position, "words is empty", "write the words that tell of it, split by ;")
    }
    let call = row.list("call")
    if call.isEmpty {
        problems.add(.missingValue, row.file, row.position, "call is empty", "write the number to call, such as 119")
    }
    for number in call where !isCallable(number) {
        problems.add(
            .badValue, row.file, row.position, "\(number) cannot be called",
            "write a number of 3 to 20 digits, spaces, + and -; several split by ;")
    }
    let exceptions = row.list("exceptions")
    for word in words where exceptions.contains(where: { word.contains($0) }) {
        problems.add(
            .badValue, row.file, row.position,
            "an exception of \(id) is in its own word \(word), which never counts then",
            "make the exception longer than the word, or take it out")
    }
    return Entry(
        value: PackEmergency(
            id: id, words: words, exceptions: exceptions, call: call, advice: row.text("advice", &problems) ?? "",
            englishAdvice: row.text("englishAdvice", &problems) ?? ""), position: row.position)
}

/// Whether a telephone takes it: digits, and what people put between them.
private func isCallable(_ number: String) -> Bool {
    (3...20).contains(number.utf8.count)
        && number.utf8.allSatisfy { (0x30...0x39).contains($0) || "+- ".utf8.contains($0) }
}
