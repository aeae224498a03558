import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// The forms in which open cases are given away.
enum OpenFormat: String, Sendable, CaseIterable {
    case geojson
    case csv
    case ndjson

    var mediaType: String {
        switch self {
        case .geojson: "application/geo+json"
        case .csv: "text/csv; charset=utf-8"
        case .ndjson: "application/x-ndjson"
        }
    }

    func text(_ cases: [OpenCase], license: String, next: String?) -> String {
        switch self {
        case .geojson:
            let collection: JSONValue = [
                "type": "FeatureCollection", "license": .string(license), "next": next.map { .string($0) } ?? .null,
                "features": .array(cases.map(\.feature)),
            ]
            return collection.text()
        case .csv:
            let titles = OpenCase.names + ["latitude", "longitude"]
            return ([titles] + cases.map(\.cells)).map { CSVLine.text($0, lineEnd: "\r\n") }.joined()
        case .ndjson: return cases.map { $0.object.text() + "\n" }.joined()
        }
    }
}

/// Answers of open data: for pages of other sites, too, and kept for a minute.
struct OpenAnswer: Sendable {
    let license: String

    func response(_ text: String, _ mediaType: String, next: String? = nil) -> Response {
        var links = ["<\(license)>; rel=\"license\""]
        if let next { links.append("<\(next)>; rel=\"next\"") }
        return Response(
            status: .ok,
            headers: [
                .contentType: mediaType, .cacheControl: "public, max-age=60", .accessControlAllowOrigin: "*",
                .accessControlExposeHeaders: "ETag, Link", .xContentTypeOptions: "nosniff",
                .link: links.joined(separator: ", "),
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
