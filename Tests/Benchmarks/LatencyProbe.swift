import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Follows single reports through the quiet system.
struct LatencyProbe {
    let http: HTTPClient
    let intake: String
    let portal: String
    let dispatcher: String
    let token: (String) throws -> String

    private struct Report: Decodable { let reportId: String }
    private struct View: Decodable { let caseId: String? }
    private struct Inbox: Decodable {
        struct Item: Decodable { let aboutType: String }

        let items: [Item]
    }

    func measure(samples: Int) async throws -> [(String, [Double])] {
        var toCase: [Double] = []
        var toPoints: [Double] = []
        for number in 1...samples {
            // A rider of its own each time: a daily cap would hold points back.
            let rider = try token("rider-bench-\(number)")
            let begin = ContinuousClock.now
            let report = try await send("\(intake)/v1/reports", .POST, rider, SampleReport.json(700_000 + number * 13))
            let id = try JSONDecoder().decode(Report.self, from: report).reportId
            var caseID: String?
            while caseID == nil {
                caseID = try JSONDecoder().decode(
                    View.self, from: try await send("\(intake)/v1/reports/\(id)", .GET, rider)
                ).caseId
            }
            toCase.append((ContinuousClock.now - begin) / .milliseconds(1))
            guard let caseID, try await isOwn(caseID, rider) else { continue }
            let filed = ContinuousClock.now
            _ = try await send("\(portal)/v1/cases/\(caseID)/actions", .POST, dispatcher, #"{"action": "file"}"#)
            while try await !hasPoints(rider) {}
            toPoints.append((ContinuousClock.now - filed) / .milliseconds(1))
        }
        return [("POST to case, as intake shows it", toCase), ("filing to points in the inbox", toPoints)]
    }

    /// Whether the report opened the case: a joined report is promised nothing.
    private func isOwn(_ caseID: String, _ rider: String) async throws -> Bool {
        struct Case: Decodable { let stage: String }
        let body = try await send("\(portal)/v1/cases/\(caseID)", .GET, dispatcher)
        return try JSONDecoder().decode(Case.self, from: body).stage == "opened"
    }

    private func hasPoints(_ rider: String) async throws -> Bool {
        let inbox = try JSONDecoder().decode(Inbox.self, from: try await send("\(portal)/v1/me/inbox", .GET, rider))
        return inbox.items.contains { $0.aboutType.hasPrefix("points.") }
    }

    private func send(_ url: String, _ method: HTTPMethod, _ token: String, _ json: String? = nil) async throws -> Data
    {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json))
        }
        let response = try await http.execute(request, timeout: .seconds(30))
        return Data(try await response.body.collect(upTo: 8 << 20).readableBytesView)
    }
}
