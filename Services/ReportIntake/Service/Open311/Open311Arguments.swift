/// The arguments of a call, from its query and its form; an empty one counts as not given.
struct Open311Arguments: Equatable, Sendable {
    private(set) var values: [String: [String]] = [:]
    /// The files of a multipart form that have something in them.
    private(set) var files: [ArraySlice<UInt8>] = []

    /// - Throws: `Open311Fault` 400 where the text is not well-formed.
    init(urlEncoded text: String) throws(Open311Fault) {
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count == 2 ? halves[1] : ""
            add(try Self.decoded(halves[0]), try Self.decoded(value))
        }
    }

    /// - Throws: `Open311Fault` 400 where a part is no text.
    init(_ parts: [MultipartForm.Part]) throws(Open311Fault) {
        for part in parts {
            if part.isFile {
                if !part.bytes.isEmpty { files.append(part.bytes) }
            } else {
                guard let text = String(validating: part.bytes, as: UTF8.self) else {
                    throw .badRequest("Write the form in UTF-8.")
                }
                add(part.name, text)
            }
        }
    }

    /// These arguments, and others behind them.
    func adding(_ others: Open311Arguments) -> Open311Arguments {
        var all = self
        all.values.merge(others.values) { $0 + $1 }
        all.files += others.files
        return all
    }

    /// The first value of an argument.
    subscript(name: String) -> String? { values[name]?.first }

    /// All values of an argument that may be a list, with commas between them.
    func list(_ name: String) -> [String] {
        (values[name] ?? []).flatMap { $0.split(separator: ",") }.map { Self.trimmed($0) }.filter { !$0.isEmpty }
    }

    /// The answers to a service's questions, by the question's code: `attribute[CODE]=…`, `attribute[CODE][]=…`.
    var attributes: [String: [String]] {
        var attributes: [String: [String]] = [:]
        for (name, values) in values {
            guard let match = name.wholeMatch(of: /attribute\[([^\]]*)\](\[\])?/) else { continue }
            attributes[String(match.1), default: []] += values
        }
        return attributes
    }

    private mutating func add(_ name: String, _ value: String) {
        if !value.isEmpty { values[name, default: []].append(value) }
    }

    private static func trimmed(_ text: Substring) -> String {
        let blank: (Character) -> Bool = { $0 == " " }
        return String(text.drop(while: blank).reversed().drop(while: blank).reversed())
    }

    private static func decoded(_ text: Substring) throws(Open311Fault) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    throw .badRequest("Write % as %25 where it stands for itself.")
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .badRequest("Write the arguments in UTF-8.")
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
