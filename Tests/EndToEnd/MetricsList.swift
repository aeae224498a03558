import Foundation

/// The table of docs/metrics.md: what programs may say on `/metrics`, and nothing else.
struct MetricsList {
    struct Entry {
        let kind: String
        /// What each label's value may be; the labels are these, no more and no fewer.
        let labels: [String: Values]
    }

    enum Values {
        case oneOf(Set<String>)
        /// A route's template.
        case route
        case status
        /// A word of a list in the code.
        case word
        /// A platform that was given a key.
        case platform

        func hold(_ value: String) -> Bool {
            switch self {
            case .oneOf(let values): values.contains(value)
            // A segment is a word or the name of what stands there: no number, no id, no text of a person.
            case .route:
                ["unknown", "NotFound", "/"].contains(value)
                    || value.wholeMatch(of: /(\/(v1|v2|open311|\{[a-zA-Z]+\}|[a-z][a-z.-]*))+/) != nil
            case .status: value.wholeMatch(of: /[1-5][0-9][0-9]/) != nil
            case .word: value.wholeMatch(of: /[a-z]+([-_][a-z]+)*/) != nil
            case .platform: value.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil
            }
        }
    }

    let entries: [String: Entry]

    init(_ page: String) throws {
        var entries: [String: Entry] = [:]
        for line in page.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, let name = cells[0].wholeMatch(of: /`([a-z_]+)`/)?.output.1 else { continue }
            entries[String(name)] = Entry(kind: cells[1], labels: Self.labels(cells[2]))
        }
        self.entries = entries
    }

    private static func labels(_ cell: String) -> [String: Values] {
        cell.split(separator: ";").reduce(into: [:]) { labels, text in
            guard let match = text.firstMatch(of: /`([a-z]+)`: (.+)/) else { return }
            labels[String(match.output.1)] =
                switch match.output.2.trimmingCharacters(in: .whitespaces) {
                case "*route*": .route
                case "*status*": .status
                case "*word*": .word
                case "*platform*": .platform
                case let values: .oneOf(Set(values.split(separator: ", ").map(String.init)))
                }
        }
    }

    /// What of a program's `/metrics` the list does not allow, in words.
    func complaints(about text: String) -> [String] {
        var kinds: [String: String] = [:]
        var complaints: [String] = []
        for line in text.split(separator: "\n") {
            if let type = line.wholeMatch(of: /# TYPE (\S+) (\S+)/)?.output {
                kinds[String(type.1)] = String(type.2)
                let listed = entries[String(type.1)]?.kind
                if listed != String(type.2) {
                    complaints.append("\(type.1) is a \(type.2), listed as \(listed ?? "nothing")")
                }
            } else if !line.hasPrefix("#") {
                complaints += self.complaints(aboutSample: String(line), kinds)
            }
        }
        return complaints
    }

    private func complaints(aboutSample line: String, _ kinds: [String: String]) -> [String] {
        guard let sample = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? (\S+)/)?.output else {
            return ["'\(line)' is no sample"]
        }
        let name = String(sample.1)
        guard let family = family(of: name, kinds), let entry = entries[family] else {
            return ["\(name) is not listed"]
        }
        let pairs = (sample.3 ?? "").matches(of: /([a-zA-Z_]+)="((?:[^"\\]|\\.)*)"/)
            .map { (String($0.output.1), String($0.output.2)) }
            .filter { $0.0 != "le" || kinds[family] != "histogram" }
        guard Set(pairs.map(\.0)) == Set(entry.labels.keys) else { return ["\(line): other labels than listed"] }
        return pairs.filter { entry.labels[$0.0]?.hold($0.1) != true }.map {
            "\(name): \($0.0)=\"\($0.1)\" is not listed"
        }
    }

    /// The family of a sample: of a histogram's bucket, say, the histogram.
    private func family(of name: String, _ kinds: [String: String]) -> String? {
        if kinds[name] != nil { return name }
        return ["_bucket", "_sum", "_count"].lazy.filter { name.hasSuffix($0) }
            .map { String(name.dropLast($0.count)) }.first { kinds[$0] != nil }
    }
}
