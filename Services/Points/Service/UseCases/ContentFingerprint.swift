import Contracts
import Foundation

extension ContentHash {
    /// Tells two commands of one id apart, by all that they say but until when they are good.
    ///
    /// - Parameter parts: each with its length before it, so that no two lists read the same.
    static func fingerprint(_ parts: String?...) -> String {
        let text = parts.map { part in part.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: "\n")
        return sha256(Data(text.utf8))
    }
}
