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
            let report = try await send("\(intake)/v1/reports", .POST, rider, Self.report(number))
            let id = try JSONDecoder().decode(Report.self, from: report).reportId
            var caseID: String?
            while caseID == nil {
                try giveUp(after: begin, "a case for \(id)")
                caseID = try JSONDecoder().decode(
                    View.self, from: try await send("\(intake)/v1/reports/\(id)", .GET, rider)
                ).caseId
            }
            toCase.append((ContinuousClock.now - begin) / .milliseconds(1))
            guard let caseID else { continue }
            while try await !isKnown(caseID) { try giveUp(after: begin, "the case of \(id) in portal") }
            let filed = ContinuousClock.now
            _ = try await send("\(portal)/v1/cases/\(caseID)/actions", .POST, dispatcher, #"{"action": "file"}"#)
            while try await !hasPoints(rider) { try giveUp(after: filed, "the points of report \(number)") }
            toPoints.append((ContinuousClock.now - filed) / .milliseconds(1))
        }
        return [("POST to case, as intake shows it", toCase), ("filing to points in the inbox", toPoints)]
    }

    /// A report that opens a case of its own, since a joined one is promised nothing: of a category that no other load
    /// uses, 70 m from the next.
    private static func report(_ number: Int) -> String {
        """
        {"description": "路灯不亮", "category": "P0118", "location": {"latitude": \(28.66 + Double(number / 50) * 0.000_7), \
        "longitude": \(115.93 + Double(number % 50) * 0.000_8)}}
        """
    }

    private func giveUp(after begin: ContinuousClock.Instant, _ what: String) throws {
        guard ContinuousClock.now - begin < .seconds(30) else { throw BenchmarkError.waitedInVain(for: what) }
    }

    private func isKnown(_ caseID: String) async throws -> Bool {
        do {
            _ = try await send("\(portal)/v1/cases/\(caseID)", .GET, dispatcher)
            return true
        } catch BenchmarkError.answered(404, _) {
            return false
        }
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
        let body = Data(try await response.body.collect(upTo: 8 << 20).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw BenchmarkError.answered(Int(response.status.code), String(decoding: body, as: UTF8.self))
        }
        return body
    }
}
