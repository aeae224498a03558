import Foundation

// ObjectStoreError
//   configuration   the place or a variable is missing or wrong; stop at start
//   badKey          no key: refused before anything is asked
//   tooLarge        more than one call carries
//   refused         the server said no and will say it again
//   unavailable     no answer, or none but "later", at every try; may heal
//   file            a file or folder could not be read or written

/// Why a file was not stored or not had.
///
/// What stood under the key still stands there, except that of an `unavailable` put nobody knows whether it arrived:
/// putting it again is safe. Never carries a secret.
package enum ObjectStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    case configuration(String)
    case badKey(String)
    case tooLarge(key: String, bytes: Int64, limit: Int64)
    /// - code: what S3 calls it, such as `AccessDenied`; empty where the answer has none.
    case refused(key: String, status: Int, code: String, advice: String?)
    case unavailable(key: String, tries: Int, reason: String)
    case file(path: String, reason: String)

    package var description: String {
        switch self {
        case .configuration(let sentence):
            sentence
        case .badKey(let key):
            "'\(key.prefix(80))' is no key: a key is letters, digits and ._=- in parts joined by /, none of them . or .."
        case .tooLarge(let key, let bytes, let limit):
            "'\(key)' is too large: it has \(bytes) bytes, and this call takes at most \(limit)."
        case .refused(let key, let status, let code, let advice):
            "'\(key)' was refused by S3: status \(status)\(code.isEmpty ? "" : ", \(code)")."
                + (advice.map { " " + $0 } ?? "")
        case .unavailable(let key, let tries, let reason):
            "'\(key)' could not be reached on S3 (\(tries) \(tries == 1 ? "try" : "tries")): \(reason)."
        case .file(let path, let reason):
            "'\(path)' \(reason)."
        }
    }

    /// True when the same call may succeed later.
    package var isRetriable: Bool {
        if case .unavailable = self { true } else { false }
    }

    /// What the system said last, about a path.
    static func system(_ path: String, _ what: String, code: Int32 = errno) -> ObjectStoreError {
        .file(path: path, reason: "\(what): \(String(cString: strerror(code)))")
    }
}
