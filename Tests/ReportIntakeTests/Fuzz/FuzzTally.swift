import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit

/// What requests were answered, and where an answer was not as it must be.
struct FuzzTally: Sendable {
    private(set) var requests = 0
    private(set) var statuses: [Int: Int] = [:]
    /// What was said to be stored; one that came again is one.
    private(set) var reports: Set<String> = []
    private(set) var amendments: Set<String> = []
    /// The photos and voice notes of requests that were taken, and of those that were refused.
    private(set) var keptFiles: Set<String> = []
    private(set) var refusedFiles: Set<String> = []
    private(set) var faults: [String] = []

    private static let mostFaults = 20

    mutating func note(_ request: FuzzRequest, _ response: TestResponse) {
        let status = response.status.code
        requests += 1
        statuses[status, default: 0] += 1
        if let file = request.file {
            if status < 300 { keptFiles.insert(file) } else { refusedFiles.insert(file) }
        }
        switch status {
        case 500...: fault(request, status, "this is ours")
        case 400...: checkRefusal(request, response)
        case 200, 201, 202: noteAccepted(request, response)
        default: break
        }
    }

    mutating func add(_ other: FuzzTally) {
        requests += other.requests
        statuses.merge(other.statuses, uniquingKeysWith: +)
        reports.formUnion(other.reports)
        amendments.formUnion(other.amendments)
        keptFiles.formUnion(other.keptFiles)
        refusedFiles.formUnion(other.refusedFiles)
        faults = Array((faults + other.faults).prefix(Self.mostFaults))
    }

    private mutating func fault(_ request: FuzzRequest, _ status: Int, _ words: String) {
        if faults.count < Self.mostFaults { faults.append("\(status), \(words): \(request)") }
    }

    /// Every refusal says why, in a document of the problem kind or as Open311 has it.
    private mutating func checkRefusal(_ request: FuzzRequest, _ response: TestResponse) {
        guard request.method != .head else { return }
        let status = response.status.code
        let isExplained =
            switch response.headers[.contentType] {
            case "application/problem+json":
                response.parsed?["status"]?.integer == Int64(status) && response.parsed?["title"]?.string != nil
            case "application/json; charset=utf-8":
                response.parsed?.array?.isEmpty == false
                    && response.parsed?.array?.allSatisfy { $0["code"]?.integer == Int64(status) } == true
            case "text/xml; charset=utf-8": response.text.contains("<errors><error><code>\(status)</code>")
            default: false
            }
        if !isExplained { fault(request, status, "it is not said why") }
        if status == 429, response.headers[.retryAfter].flatMap(Int.init) == nil {
            fault(request, status, "it is not said when to come again")
        }
    }

    private mutating func noteAccepted(_ request: FuzzRequest, _ response: TestResponse) {
        guard request.method != .get, request.method != .head else { return }
        if response.headers[.contentType] == "application/x-ndjson; charset=utf-8" {
            return noteLines(request, response)
        }
        let json = response.parsed
        let first = json?.array?.first
        func xml(_ name: String) -> String? { response.text(in: name) }
        if response.status == .created { json?["reportId"]?.string.map { _ = reports.insert($0) } }
        if response.status == .accepted { json?["amendmentId"]?.string.map { _ = amendments.insert($0) } }
        if let token = first?["token"]?.string ?? xml("token") { reports.insert(token) }
        if let update = first?["update_id"]?.string ?? xml("update_id") { amendments.insert(update) }
    }

    private mutating func noteLines(_ request: FuzzRequest, _ response: TestResponse) {
        for line in response.body.readableBytesView.split(separator: UInt8(ascii: "\n")) {
            do {
                let result = try JSONValue(parsing: line)
                if let id = result["reportId"]?.string { reports.insert(id) }
                if result["retry"] != nil { fault(request, 200, "a line was not stored, and that is ours") }
            } catch {
                fault(request, 200, "an answer is not JSON")
            }
        }
    }
}

extension TestResponse {
    fileprivate var text: String { String(decoding: body.readableBytesView, as: UTF8.self) }

    /// Nil where it is no JSON.
    fileprivate var parsed: JSONValue? {
        do { return try JSONValue(parsing: body.readableBytesView) } catch { return nil }
    }

    /// What stands in the first element of this name.
    fileprivate func text(in name: String) -> String? {
        guard headers[.contentType] == "text/xml; charset=utf-8", let start = text.firstRange(of: "<\(name)>"),
            let end = text.firstRange(of: "</\(name)>")
        else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }
}
