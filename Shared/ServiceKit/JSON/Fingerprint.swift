import Crypto

/// The SHA-256 of a document, by which two bodies are told apart.
///
/// Of JSON the content counts, not the white space or the order of its members: the same request sent by two clients
/// has one fingerprint.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let hex: String

    package init(of value: JSONValue) {
        self.init(ofBytes: value.bytes())
    }

    /// The fingerprint of bytes as they stand.
    package init(ofBytes bytes: some Sequence<UInt8>) {
        hex = Hexadecimal.text(SHA256.hash(data: Array(bytes)))
    }

    package var description: String { hex }
}

enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }, as: UTF8.self)
    }
}
