import Crypto
import Foundation

/// Seals the link of a report for the platform that sent it, on a topic that other platforms read, too.
///
/// AES-256-GCM in base64: 12 bytes of nonce, what is sealed, 16 bytes of tag. The key is the HMAC-SHA256 of the word
/// `follow` with the platform's secret, and the id of the report is authenticated with it, so that no link passes for that
/// of another report.
package enum SealedLink {
    private static let purpose = "follow"

    /// - Parameters:
    ///   - path: of the link.
    ///   - secret: ``PlatformKey/hash(of:)`` of the platform's key, by which it signs, too.
    package static func seal(_ path: String, of report: ReportID, secret: String) throws -> String {
        let box = try AES.GCM.seal(
            Data(path.utf8), using: key(secret), authenticating: Data(report.rawValue.utf8))
        return (box.nonce + box.ciphertext + box.tag).base64EncodedString()
    }

    /// - Throws: Where it was sealed for another platform or report, or is nothing that was sealed.
    package static func open(_ text: String, of report: ReportID, secret: String) throws -> String {
        let box = try AES.GCM.SealedBox(combined: Data(base64Encoded: text) ?? Data())
        let path = try AES.GCM.open(box, using: key(secret), authenticating: Data(report.rawValue.utf8))
        return String(decoding: path, as: UTF8.self)
    }

    private static func key(_ secret: String) -> SymmetricKey {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(purpose.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return SymmetricKey(data: Data(code))
    }
}
