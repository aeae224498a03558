import Foundation

extension String {
    /// As a part of an address, whatever it holds: all but what RFC 3986 calls unreserved is escaped.
    var inAddress: String { addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? "" }

    // Foundation's alphanumerics are those of all scripts.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
