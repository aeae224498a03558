import Contracts
import Foundation
import ServiceKit

/// The platform meituan, as it writes to Kafka itself.
enum Platform {
    static let key = "ssp_" + String(repeating: "cd", count: 32)
    static let secret = PlatformKey.hash(of: key)

    static func granted(
        _ id: String = "k-1", platform: PersonID = "meituan", perMinute: Int? = nil
    ) -> PlatformKeyGranted {
        PlatformKeyGranted(keyId: id, platform: platform, hash: secret, perMinute: perMinute)
    }

    /// A record as it ought to be, with other or further attributes and fields of the report.
    static func event(
        _ id: String, _ attributes: [String: JSONValue] = [:], _ data: [String: JSONValue] = [:]
    ) -> Data {
        let standard: [String: JSONValue] = [
            "specversion": "1.0", "id": .string(id), "source": "/platforms/meituan", "type": "platform-report.sent",
            "data": .report(data),
        ]
        return Data(JSONValue.object(standard.merging(attributes) { $1 }).bytes())
    }

    static func signed(_ value: Data, keyId: String = "k-1", secret: String = secret) -> [String: String] {
        [HeaderName.platformSignature: PlatformSignature(of: value, keyId: keyId, secret: secret).description]
    }
}
