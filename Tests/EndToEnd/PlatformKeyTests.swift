import Contracts
import Foundation
import TestSupport
import Testing

/// A platform gets a key while everything runs, and loses it; the broker may forget that meanwhile.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PlatformKeyTests {
    private struct Made: Decodable {
        let key: String
        let keyId: String
        let published: Bool
    }

    @Test func `a key counts within seconds, also on a broker that lost everything, until it is revoked`() async throws
    {
        let deployment = try Deployment()
        let made = try await deployment.running { deployment in
            let answer = try await deployment.suishoupai(
                "keys", "create", "--data", deployment.data, "--platform", "meituan", "--json")
            let made = try JSONDecoder().decode(Made.self, from: Data(answer.output.utf8))
            #expect(made.published)
            try await Self.expect(201, of: made.key, key: "first", deployment)

            try await deployment.killNine("embedded-broker")
            let revoked = try await eventually("the new broker takes it", within: .seconds(60)) {
                let answer = try await deployment.suishoupai("keys", "revoke", made.keyId, "--data", deployment.data)
                return answer.output.contains("within a second") ? answer : nil
            }
            #expect(revoked.status == 0, "\(revoked.output)")
            try await Self.expect(401, of: made.key, key: "second", deployment)
            return made
        }
        #expect(!deployment.logs().contains(made.key))
    }

    private static func expect(_ status: Int, of pass: String, key: String, _ deployment: Deployment) async throws {
        let place = try deployment.place(in: "mingdu")
        try await eventually("a report with the key is answered with \(status)", within: .seconds(30)) {
            let answer = try await deployment.post(
                "report-intake", "/v1/reports", token: pass,
                json: """
                    {"description": "一堆垃圾", "category": "E0102",
                     "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}
                    """, headers: ["Idempotency-Key": key])
            return answer.status == status
        }
    }
}
