import Foundation

/// Where a call may go: a URL that was checked, and the one address that it is sent to.
///
/// The name is looked up once and the call goes to the address that was checked, so that a name that answers
/// differently the second time gains nothing.
struct CallTarget: Sendable, Equatable {
    let url: String
    let host: String
    let address: NetworkAddress

    /// Why a URL is not called; a mistake of whoever gave it, which no repetition mends.
    struct Refusal: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// Checks the URL and looks its host up.
    ///
    /// - Parameters:
    ///   - allows: which addresses besides the public internet; nil for all, where whoever runs this machine gave it.
    ///   - attempt: from 1; of several addresses each attempt takes the next.
    /// - Throws: `Refusal`, or `AddressLookupError` where the name was not found.
    static func find(_ text: String, allows: PrivateAddresses?, attempt: Int) async throws -> CallTarget {
        let (url, host) = try parse(text)
        let addresses = try await AddressLookup.addresses(of: host)
        for address in addresses { try check(address, allows: allows, scheme: url.scheme ?? "") }
        guard !addresses.isEmpty else { throw AddressLookupError(host: host, reason: "no address") }
        return CallTarget(url: text, host: host, address: addresses[max(0, attempt - 1) % addresses.count])
    }

    private static func parse(_ text: String) throws -> (URL, host: String) {
        guard let url = URL(string: text), let scheme = url.scheme, let host = url.host(), !host.isEmpty else {
            throw Refusal(description: "the URL cannot be read")
        }
        guard scheme == "https" || scheme == "http" else {
            throw Refusal(description: "the URL must begin with https://")
        }
        guard url.user() == nil, url.password() == nil else {
            throw Refusal(description: "the URL must not hold a user or password")
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isBracketed ? String(host.dropFirst().dropLast()) : host
        // What is looked up here and what the client calls must be the same name, whoever decodes it.
        guard name.utf8.allSatisfy(isPlain) else {
            throw Refusal(description: "the URL's host must be written in plain letters")
        }
        return (url, name)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func check(_ address: NetworkAddress, allows: PrivateAddresses?, scheme: String) throws {
        switch address.reach {
        case .inside:
            guard allows == nil else { throw Refusal(description: "the URL's host is inside a private network") }
        case .thisMachine:
            guard allows != PrivateAddresses.none else {
                throw Refusal(description: "the URL's host is this machine")
            }
        case .everywhere:
            guard scheme == "https" else { throw Refusal(description: "the URL must begin with https://") }
        }
    }
}
