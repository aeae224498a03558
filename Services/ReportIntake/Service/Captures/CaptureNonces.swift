import Contracts
import Crypto
import Foundation
import ReportIntakeDomain
import ServiceKit

/// Hands nonces out with forms, and knows them again at each instance that has the key; none is kept.
///
/// A nonce is 48 bytes in 64 characters of base64url: a version, the moment in milliseconds, 15 bytes of chance, a mark
/// of whom it was given to, and a seal over all that. The mark stands apart from the seal so that another person's nonce
/// can be told from one that is made up; whom it names cannot be read out of it.
struct CaptureNonces: Sendable {
    /// What a nonce says.
    struct Reading: Hashable, Sendable {
        let nonce: ReturnedNonce
        /// Names a nonce of ours; nil for any other.
        let id: Data?
    }

    private static let version: UInt8 = 1
    private static let chanceLength = 15
    private static let markStart = 24
    private static let sealStart = 32
    private static let length = 48

    private let keys: DataFolderKeys

    init(_ keys: DataFolderKeys) { self.keys = keys }

    func issue(to sender: PersonID, at moment: Timestamp) -> String {
        let key = keys.signing
        var generator = SystemRandomNumberGenerator()
        var bytes = [Self.version]
        let milliseconds = UInt64(bitPattern: moment.milliseconds)
        bytes += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: milliseconds >> UInt64($0)) }
        bytes += (0..<Self.chanceLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes += mark(of: sender, in: bytes, by: key)
        bytes += seal(over: bytes, by: key)
        return Base64URL.text(bytes)
    }

    func read(_ text: String, from sender: PersonID) -> Reading {
        let unknown = Reading(nonce: .unknown, id: nil)
        guard let bytes = Base64URL.bytes(text), bytes.count == Self.length, bytes.first == Self.version,
            let key = keys.accepted.first(where: { key in
                Self.areEqual(bytes[Self.sealStart...], seal(over: Array(bytes[..<Self.sealStart]), by: key))
            })
        else { return unknown }
        let milliseconds = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let mark = mark(of: sender, in: Array(bytes[..<Self.markStart]), by: key)
        return Reading(
            nonce: .handedOut(
                at: Timestamp(milliseconds: Int64(bitPattern: milliseconds)),
                toSender: Self.areEqual(bytes[Self.markStart..<Self.sealStart], mark)),
            id: Data(bytes[9..<Self.markStart]))
    }

    private func mark(of sender: PersonID, in head: [UInt8], by key: DataFolderKey) -> [UInt8] {
        code("sender", head + Array(sender.rawValue.utf8), length: Self.sealStart - Self.markStart, by: key)
    }

    private func seal(over head: [UInt8], by key: DataFolderKey) -> [UInt8] {
        code("nonce", head, length: Self.length - Self.sealStart, by: key)
    }

    /// The purpose goes first, so that what was made for one never does for the other.
    private func code(_ purpose: String, _ bytes: [UInt8], length: Int, by key: DataFolderKey) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(
                for: Array(purpose.utf8) + [0] + bytes, using: SymmetricKey(data: key.bytes)
            ).prefix(length))
    }

    /// Takes the same time wherever the two differ, so that nobody finds a seal byte by byte.
    private static func areEqual(_ left: some Collection<UInt8>, _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
