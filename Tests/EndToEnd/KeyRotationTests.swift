import Foundation
import TestSupport
import Testing

/// A key of the data folder is exchanged while everything runs: nobody is refused, and nothing is restarted.
@Suite(.serialized, .timeLimit(.minutes(5))) struct KeyRotationTests {
    @Test func `tokens of the former key open both doors until it is retired, and no program is restarted`()
        async throws
    {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let before = try deployment.readReplicas().mapValues(\.pid)
            let former = try await deployment.token("rider", "rider-1")
            #expect(try await Self.answers(former, deployment) == [200, 201])
            #expect(try await Self.answers(former + "x", deployment) == [401, 401], "the doors do look at it")

            try await Self.keys("rotate", "jwt-hs256", deployment)
            let fresh = try await deployment.token("rider", "rider-1")
            #expect(try await Self.answers(fresh, deployment) == [200, 201])
            #expect(try await Self.answers(former, deployment) == [200, 201])

            try await Self.keys("retire", "jwt-hs256", deployment)
            #expect(try await Self.answers(former, deployment) == [401, 401])
            #expect(try await Self.answers(fresh, deployment) == [200, 201])

            try await Self.keys("rotate", "pick-up", deployment)
            let published = try await deployment.get("portal", "/v1/stations/pick-up-key")
            #expect(try published.json([String: [[String: String]]].self)["keys"]?.count == 2)
            #expect(try deployment.readReplicas().mapValues(\.pid) == before)
        }
    }

    private static func keys(_ verb: String, _ name: String, _ deployment: Deployment) async throws {
        let answer = try await deployment.suishoupai("keys", verb, name, "--data", deployment.data)
        #expect(answer.status == 0, "\(answer.output)")
    }

    /// What portal says to who asks for their points, and intake to who asks for a nonce.
    private static func answers(_ token: String, _ deployment: Deployment) async throws -> [Int] {
        let points = try await deployment.get("portal", "/v1/me/points", token: token)
        let nonce = try await deployment.post("report-intake", "/v1/captures", token: token, json: "{}")
        return [points.status, nonce.status]
    }
}
