import Foundation
import NIOPosix

/// Asks the system for the addresses of a host.
enum AddressLookup {
    /// All addresses of `host`, in the system's order; the host may be an address itself.
    ///
    /// - Throws: `AddressLookupError` with the resolver's reason.
    static func addresses(of host: String) async throws -> [NetworkAddress] {
        // getaddrinfo blocks for as long as the name servers are silent: it gets a thread of its own.
        try await NIOThreadPool.singleton.runIfActive { try lookUp(host) }
    }

    private static func lookUp(_ host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            throw AddressLookupError(host: host, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var next = list
        while let entry = next {
            addresses.append(try address(of: entry.pointee, host: host))
            next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(of entry: addrinfo, host: String) throws -> NetworkAddress {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        guard status == 0, let address = NetworkAddress(String(decoding: bytes, as: UTF8.self)) else {
            throw AddressLookupError(host: host, reason: "has an address that cannot be read")
        }
        return address
    }
}

/// A host whose address is not to be had.
struct AddressLookupError: Error, CustomStringConvertible {
    let host: String
    let reason: String

    var description: String { "the host '\(host)' was not found: \(reason)" }
}
