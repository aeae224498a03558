/// The labels of one series, sorted by name.
struct Labels: Hashable, Comparable, Sendable {
    private let names: [String]
    private let values: [String]

    init(_ dimensions: [(String, String)]) {
        let pairs = Dictionary(
            dimensions.map { (Self.labelName($0.0), $0.1) }, uniquingKeysWith: { _, last in last })
        names = pairs.keys.sorted()
        values = names.map { pairs[$0] ?? "" }
    }

    /// The same names, with nothing told apart any more.
    var merged: Labels { Labels(names.map { ($0, "other") }) }

    static func < (left: Labels, right: Labels) -> Bool {
        if left.names != right.names { return left.names.lexicographicallyPrecedes(right.names) }
        return left.values.lexicographicallyPrecedes(right.values)
    }

    /// `{a="x",b="y"}`, or nothing when there is no label.
    func text(and last: (String, String)? = nil) -> String {
        var pairs = zip(names, values).map { #"\#($0)="\#(Self.escaped($1))""# }
        if let last { pairs.append(#"\#(last.0)="\#(Self.escaped(last.1))""#) }
        return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    /// A family's name with every character that Prometheus does not allow as an underscore.
    static func name(_ text: String) -> String { sanitised(text, allowsColon: true) }

    private static func labelName(_ text: String) -> String { sanitised(text, allowsColon: false) }

    private static func sanitised(_ text: String, allowsColon: Bool) -> String {
        let characters = text.unicodeScalars.map { scalar -> Character in
            let isAllowed =
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                || scalar == "_" || (allowsColon && scalar == ":")
            return isAllowed ? Character(scalar) : "_"
        }
        guard let first = characters.first else { return "_" }
        return first.isNumber ? "_" + String(characters) : String(characters)
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func escapedHelp(_ help: String) -> String {
        help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    static func numeral(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.description
    }
}
