import Foundation

/// An IPv4 or IPv6 address, and whether it lies on the public internet.
///
/// An address comes from a pack, an operator or a person, and our call from inside the network: it must not reach what only insiders
/// can (IANA special-purpose address registries, RFC 6890).
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Reach: Sendable, Equatable {
        case everywhere
        case thisMachine
        /// Private, link-local, shared, reserved, multicast, documentation, or a tunnel into one of these.
        case inside
    }

    /// As it is written, such as `192.0.2.7` or `2001:db8::7`.
    package let description: String
    /// 4 or 16 bytes.
    private let bytes: [UInt8]

    /// Reads an address in its usual form; nil for names and for shorthands such as `127.1`.
    package init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
        description = text
    }

    package var reach: Reach {
        if bytes.count == 4 { return Self.reach(ofIPv4: bytes[...]) }
        if Self.has(bytes, prefix: Self.mappedIPv4, bits: 96) { return Self.reach(ofIPv4: bytes[12...]) }
        if bytes == Self.loopbackIPv6 { return .thisMachine }
        let isInside = Self.insideIPv6.contains { Self.has(bytes, prefix: $0.prefix, bits: $0.bits) }
        // Only 2000::/3 was ever given out as global unicast.
        return Self.has(bytes, prefix: [0x20], bits: 3) && !isInside ? .everywhere : .inside
    }

    private static func reach(ofIPv4 bytes: ArraySlice<UInt8>) -> Reach {
        let address = Array(bytes)
        if address[0] == 127 { return .thisMachine }
        return insideIPv4.contains { has(address, prefix: $0.prefix, bits: $0.bits) } ? .inside : .everywhere
    }

    private static func has(_ address: [UInt8], prefix: [UInt8], bits: Int) -> Bool {
        let whole = bits / 8
        guard address.prefix(whole) == prefix.prefix(whole) else { return false }
        let rest = bits % 8
        guard rest > 0 else { return true }
        return (address[whole] ^ prefix[whole]) >> (8 - rest) == 0
    }

    private static let loopbackIPv6: [UInt8] = Array(repeating: 0, count: 15) + [1]
    private static let mappedIPv4: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    private static let insideIPv4: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24), ([192, 0, 2], 24),
        ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24), ([203, 0, 113], 24),
        ([224], 4), ([240], 4),
    ]

    /// Within 2000::/3: Teredo and other protocol assignments, documentation, 6to4.
    private static let insideIPv6: [(prefix: [UInt8], bits: Int)] = [
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x20, 0x02], 16), ([0x3F, 0xFF, 0x00], 20),
    ]
}
