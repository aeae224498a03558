import Contracts
import Foundation
import TestSupport
import Testing

/// A request of another city's app, through real processes: posted, filed as a case, shown to whoever asks.
@Suite(.serialized, .timeLimit(.minutes(5))) struct Open311Tests {
    private struct Posted: Decodable { let token: String }

    private struct Resolved: Decodable {
        let id: String?

        private enum CodingKeys: String, CodingKey { case id = "service_request_id" }
    }

    private struct Shown: Decodable {
        let status: String
        let notes: String

        private enum CodingKeys: String, CodingKey {
            case status
            case notes = "status_notes"
        }
    }

    private struct Nearby: Decodable {
        struct Item: Decodable {
            let caseId: String
            let distance: Int
        }

        let items: [Item]
    }

    @Test func `a posted request becomes a case that everybody can ask for`() async throws {
        let deployment = try Deployment()
        try await deployment.running { deployment in
            let place = try deployment.place(in: "mingdu")
            let spot = "lat=\(place.latitude)&long=\(place.longitude)"
            let rider = try await deployment.token("rider", "rider-1")

            let answer = try await deployment.post(
                "report-intake", "/open311/v2/requests.json", form: "api_key=\(rider)&service_code=E0102&\(spot)")
            let token = try #require(try answer.json([Posted].self).first?.token, "\(answer.text)")
            let id = try await eventually("the token leads to an id", within: .seconds(60)) {
                let answer = try await deployment.get("report-intake", "/open311/v2/tokens/\(token).json")
                return try answer.json([Resolved].self).first?.id
            }

            let shown = try await deployment.get("report-intake", "/open311/v2/requests/\(id).json")
            let request = try #require(try shown.json([Shown].self).first, "\(shown.text)")
            #expect(request.status == "open")
            #expect(["已上报", "已立案", "已派遣"].contains(request.notes))
            let nearby = try await deployment.get(
                "report-intake", "/v1/reports/nearby?latitude=\(place.latitude)&longitude=\(place.longitude)",
                token: rider)
            let items = try nearby.json(Nearby.self).items
            #expect(items.map(\.caseId) == [id])
            #expect(items.first?.distance == 0)
        }
    }
}
