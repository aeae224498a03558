/// Writes the part of an address behind the question mark.
enum FormQuery {
    private static let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/?".utf8)

    static func text(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
    }

    /// What stands behind `name=`; a path can be read in it.
    static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { text, byte in
            guard !unreserved.contains(byte) else { return text.unicodeScalars.append(UnicodeScalar(byte)) }
            let hex = String(byte, radix: 16, uppercase: true)
            text += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
        }
    }
}
