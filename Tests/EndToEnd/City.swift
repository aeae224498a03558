import Contracts
import Foundation
import TestSupport
import Testing

/// What people do in a deployment, through its doors.
extension Deployment {
    struct CaseView: Decodable, Sendable {
        let caseId: String
        let caseNumber: String
        let communityId: String
        let category: String
        let stage: String
        let ownerUnitId: String?
        let handlerId: String?
    }

    struct PointsView: Decodable, Sendable {
        let balance: Int
        let pending: Int
    }

    private struct Receipt: Decodable { let reportId: String }
    private struct ReportView: Decodable { let caseId: String? }

    /// The pack that the folder keeps.
    func keptPack() throws -> Pack {
        try ContractCoding.decode(
            Pack.self, from: Data(contentsOf: URL(filePath: data).appending(path: "pack.json")))
    }

    /// A place inside a community of the pack: the middle of its first ring's corners.
    func place(in community: CommunityID) throws -> Location {
        let ring = try #require(try keptPack().communities.first { $0.id == community }?.outline.first?.first)
        var corner = (latitude: 0, longitude: 0)
        var sum = (latitude: 0, longitude: 0)
        for index in stride(from: 0, to: ring.count - 1, by: 2) {
            corner = (corner.latitude + ring[index], corner.longitude + ring[index + 1])
            sum = (sum.latitude + corner.latitude, sum.longitude + corner.longitude)
        }
        return Location(latitudeE7: sum.latitude / (ring.count / 2), longitudeE7: sum.longitude / (ring.count / 2))
    }

    /// Sends a report from the middle of 名都 and waits for its case, as a dispatcher sees it.
    func caseOfReport(
        by rider: String, _ category: String, saying words: String = "路过看到的，请处理", key: String,
        metresNorth: Int = 0
    ) async throws -> CaseView {
        let pass = try await token("rider", rider)
        let place = try place(in: "mingdu").north(metresNorth * 90)
        let answer = try await post(
            "report-intake", "/v1/reports", token: pass,
            json: """
                {"description": "\(words)", "category": "\(category)", "kind": "snapshot",
                 "location": {"latitude": \(place.latitude), "longitude": \(place.longitude)}}
                """, headers: ["Idempotency-Key": key])
        #expect(answer.status == 201, "\(answer.text)")
        let id = try answer.json(Receipt.self).reportId
        let caseId = try await eventually("report \(key) has a case", within: .seconds(60)) {
            let view = try await get("report-intake", "/v1/reports/\(id)", token: pass)
            return view.status == 200 ? try view.json(ReportView.self).caseId : nil
        }
        let desk = try await token(anybody: "dispatcher")
        return try await eventually("portal shows case \(caseId)", within: .seconds(60)) {
            let view = try await get("portal", "/v1/cases/\(caseId)", token: desk)
            return view.status == 200 ? try view.json(CaseView.self) : nil
        }
    }

    /// Acts on a case, which must be taken.
    func act(_ json: String, on caseId: String, token: String) async throws {
        let answer = try await post("portal", "/v1/cases/\(caseId)/actions", token: token, json: json)
        #expect(answer.status == 200, "\(json): \(answer.text)")
    }

    func points(of rider: String) async throws -> PointsView {
        try await get("portal", "/v1/me/points", token: try await token("rider", rider)).json(PointsView.self)
    }

    /// A token of somebody of the pack who has the role everywhere.
    func token(anybody role: String) async throws -> String {
        let person = try keptPack().people.first { $0.roles.contains(role) && $0.communityIds.isEmpty }
        return try await token(role, try #require(person).id.rawValue)
    }
}
