import Contracts
import Foundation
import ServiceKit

/// What the body of `PUT /v1/me/settings` asks for: all of it, not a change.
struct PreferencesRequest: Sendable {
    let preferences: NotificationPreferences

    /// - Throws: ``ProblemDetails`` 422 that names every wrong field.
    init(_ body: JSONValue) throws {
        preferences = try FieldReader.read(body) { fields in
            NotificationPreferences(
                language: fields.optionalEnumeration("language") ?? .chinese,
                form: fields.optionalEnumeration("form") ?? .full,
                muted: Self.muted(fields),
                quietHours: fields.optionalObject("quietHours") { hours in
                    QuietHours(
                        from: Int(hours.integer("from", in: 0...1_439)), to: Int(hours.integer("to", in: 0...1_439)))
                },
                utcOffsetMinutes: fields.optionalInteger("utcOffsetMinutes", in: -720...840).map { Int($0) },
                mealPeaks: fields.optionalBool("mealPeaks") ?? true,
                digest: fields.optionalEnumeration("digest") ?? .off)
        }
    }

    private static func muted(_ fields: FieldReader) -> [MutedKind] {
        let most = NotificationKind.allCases.count * Channel.ofPersons.count
        let muted = fields.objects("muted", count: 0...most) { entry in
            let channel: Channel = entry.enumeration("channel")
            if !channel.reachesPersons {
                entry.note("channel", "must be one of \(Channel.ofPersons.map(\.rawValue).joined(separator: ", "))")
            }
            return MutedKind(kind: entry.enumeration("kind"), channel: channel)
        }
        // The same wish in another order is the same wish.
        return Set(muted).sorted { ($0.kind.rawValue, $0.channel.rawValue) < ($1.kind.rawValue, $1.channel.rawValue) }
    }
}

/// What the body of `PUT /v1/me/contacts/{channel}` says: an address, a number, an openid, or a browser's subscription.
struct ContactRequest: Sendable {
    /// As the channel takes it; of a browser's subscription the JSON.
    let address: String

    init(_ body: JSONValue, on channel: Channel) throws {
        address = try FieldReader.read(body) { fields in
            switch channel {
            case .webPush: Self.subscription(fields)
            default: Self.address(fields, on: channel)
            }
        }
    }

    private static func address(_ fields: FieldReader, on channel: Channel) -> String {
        let text = fields.string("address", length: 1...254)
        if let fault = fault(of: text, on: channel) { fields.note("address", fault) }
        return text
    }

    private static func fault(of text: String, on channel: Channel) -> String? {
        switch channel {
        case .email: isMailAddress(text) ? nil : "must be an e-mail address such as name@example.cn"
        case .sms: isNumber(text) ? nil : "must be a phone number such as +8613800138000"
        default: isName(text) ? nil : "must be the openid that WeChat gave: letters, digits, - and _"
        }
    }

    /// As far as a mail server cannot take it for something else: one `@`, and nothing that ends a line or an address.
    private static func isMailAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), parts[1].contains("."),
            !parts[1].hasPrefix("."), !parts[1].hasSuffix("."), !text.contains("..")
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !"<>()[]\\,;:\"".unicodeScalars.contains($0)
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        return (6...15).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isName(_ text: String) -> Bool {
        (6...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    /// What `PushSubscription.toJSON()` of a browser says.
    private static func subscription(_ fields: FieldReader) -> String {
        let endpoint = fields.string("endpoint", length: 1...2_000)
        if !endpoint.hasPrefix("https://") { fields.note("endpoint", "must begin with https://") }
        _ = fields.any("expirationTime")
        let keys = fields.object("keys") { keys in
            ["p256dh": JSONValue.string(key(keys, "p256dh", bytes: 65)), "auth": .string(key(keys, "auth", bytes: 16))]
        }
        return JSONValue.object(["endpoint": .string(endpoint), "keys": .object(keys)]).text()
    }

    private static func key(_ fields: FieldReader, _ name: String, bytes: Int) -> String {
        let text = String(fields.string(name, length: 1...200).prefix { $0 != "=" })
        if Base64URL.bytes(text)?.count != bytes { fields.note(name, "must be \(bytes) bytes as base64url") }
        return text
    }
}
