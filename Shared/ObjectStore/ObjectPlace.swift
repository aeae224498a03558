package import AsyncHTTPClient
package import Foundation

/// Where the objects of a store lie, as people write it: a folder's path, `file:///…`, or `s3://bucket/prefix`.
package enum ObjectPlace: Sendable, Equatable, CustomStringConvertible {
    case folder(URL)
    case s3(S3Settings)

    /// Reads a place; what an S3 bucket needs besides its name comes from the environment, see ``S3Settings``.
    ///
    /// - Throws: `ObjectStoreError.configuration`, naming the variable and never its value.
    package init(text: String, environment: [String: String]) throws {
        guard let (scheme, rest) = Self.split(text) else {
            guard !text.isEmpty else {
                throw ObjectStoreError.configuration(
                    "A place for shared files is missing: give a folder or s3://bucket.")
            }
            self = .folder(URL(filePath: text, directoryHint: .isDirectory).absoluteURL)
            return
        }
        switch scheme {
        case "s3":
            let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let prefix = parts.count > 1 ? parts[1] : ""
            self = .s3(try S3Settings.fromEnvironment(environment, bucket: parts[0], prefix: prefix))
        case "file":
            guard rest.hasPrefix("/"), let path = rest.removingPercentEncoding else {
                throw ObjectStoreError.configuration("'\(text)' must be file:/// and a folder's whole path.")
            }
            self = .folder(URL(filePath: path, directoryHint: .isDirectory))
        default:
            throw ObjectStoreError.configuration(
                "'\(scheme)://' is no place for shared files: give a folder, file:///… or s3://bucket/prefix.")
        }
    }

    private static func split(_ text: String) -> (scheme: String, rest: String)? {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        // A folder may be called anything; only letters make a scheme.
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter || $0.isNumber }) else { return nil }
        return (scheme, String(text[mark.upperBound...]))
    }

    /// The store at this place; nothing is asked of it yet.
    ///
    /// - Parameter http: A client that the caller keeps and shuts down, with time limits of its own. Without one, all
    ///   stores of the program share one that ends with it.
    package func open(http: HTTPClient? = nil) throws -> any ObjectStore {
        switch self {
        case .folder(let folder): FolderStore(folder)
        case .s3(let settings): S3Store(settings, http: http ?? S3Client.shared)
        }
    }

    package var description: String {
        switch self {
        case .folder(let folder): folder.path(percentEncoded: false)
        case .s3(let settings): settings.place
        }
    }
}
