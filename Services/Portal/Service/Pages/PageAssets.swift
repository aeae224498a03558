import Foundation
import Gzip
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// The files that belong to pages: our own, and Leaflet, its clusters and Chart.js where the system has them.
///
/// Each is named by what it is, `/static/<hash>/<name>`: whoever has one need never ask again.
struct PageAssets: Sendable {
    private struct File: Sendable {
        let bytes: ByteBuffer
        /// The same compressed, where that is shorter.
        let gzip: ByteBuffer?
        let type: String
        let hash: String
    }

    private let files: [String: File]
    /// By a short name: `pages.css` is `pages`, `map.js` is `mapScript`.
    let addresses: [String: String]
    let hasLeaflet: Bool
    /// Whether Leaflet can gather markers in clusters.
    let hasClusters: Bool
    let hasCharts: Bool
    /// Changes with any of the files.
    let version: String

    /// What pages use of others: where it lies in the folder of libraries, and by which name it is served.
    private static let borrowed = [
        "leaflet/leaflet.min.js": "leaflet.js", "leaflet/leaflet.css": "leaflet.css",
        "leaflet/images/layers.png": "images/layers.png",
        "leaflet/leaflet.markercluster.min.js": "clusters.js", "leaflet/MarkerCluster.css": "clusters.css",
        "chart.js/chart.min.js": "chart.js",
    ]

    /// - Parameter libraries: where Debian's `libjs-leaflet`, `libjs-leaflet.markercluster` and `libjs-chart.js` lie:
    ///   `/usr/share/javascript`.
    init(libraries: URL) throws {
        var files: [String: File] = [:]
        let own = PageFiles.folder("Assets")
        for name in try FileManager.default.contentsOfDirectory(atPath: own.path(percentEncoded: false)) {
            files[name] = try Self.file(own.appending(path: name))
        }
        for (there, name) in Self.borrowed {
            let url = libraries.appending(path: there)
            guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { continue }
            files[name] = try Self.file(url)
        }
        self.files = files
        hasLeaflet = files["leaflet.js"] != nil && files["leaflet.css"] != nil
        hasClusters = hasLeaflet && files["clusters.js"] != nil && files["clusters.css"] != nil
        let hashes = files.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.hash)" }
        version = String(Fingerprint(ofBytes: hashes.joined(separator: "\n").utf8).hex.prefix(16))
        hasCharts = files["chart.js"] != nil
        addresses = files.reduce(into: [:]) { addresses, file in
            addresses[Self.shortName(file.key)] = "/static/\(file.value.hash)/\(file.key)"
        }
    }

    func add(to router: Router<ServiceRequestContext>) {
        router.get("static/{hash}/{name}") { request, context in
            try answer(request, context.parameters.get("name") ?? "", context)
        }
        router.get("static/{hash}/images/{name}") { request, context in
            try answer(request, "images/\(context.parameters.get("name") ?? "")", context)
        }
        // At the top, since it may answer for pages below its own place only.
        router.get("service-worker.js") { request, context in
            var response = try answer(request, "service-worker.js", context)
            response.headers[.cacheControl] = "no-cache"
            return response
        }
        router.get("favicon.ico") { request, context in try answer(request, "app-icon.svg", context) }
    }

    private func answer(_ request: Request, _ name: String, _ context: ServiceRequestContext) throws -> Response {
        guard let file = files[name] else { throw ProblemDetails.notFound() }
        let isNamed = context.parameters.get("hash") == file.hash
        let tag = "\"\(file.hash)\""
        let headers: HTTPFields = [
            .contentType: file.type, .eTag: tag, .xContentTypeOptions: "nosniff",
            .cacheControl: isNamed ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        guard let gzip = file.gzip else {
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.bytes))
        }
        var varying = headers
        varying[.vary] = "Accept-Encoding"
        guard request.takesGzip else {
            return Response(status: .ok, headers: varying, body: .init(byteBuffer: file.bytes))
        }
        varying[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: varying, body: .init(byteBuffer: gzip))
    }

    private static func file(_ url: URL) throws -> File {
        let bytes = try Data(contentsOf: url)
        let compressed = url.appendingPathExtension("gz")
        let gzip =
            FileManager.default.fileExists(atPath: compressed.path(percentEncoded: false))
            ? ByteBuffer(bytes: try Data(contentsOf: compressed)) : shorter(bytes)
        return File(
            bytes: ByteBuffer(bytes: bytes), gzip: gzip, type: type(of: url.pathExtension),
            hash: String(Fingerprint(ofBytes: bytes).hex.prefix(16)))
    }

    /// Compressed once for all readers; nil where nothing is won, as for pictures.
    private static func shorter(_ bytes: Data) -> ByteBuffer? {
        guard let packed = Gzip.compressed(bytes, effort: .thorough), packed.count < bytes.count * 9 / 10 else {
            return nil
        }
        return ByteBuffer(bytes: packed)
    }

    private static func type(of ending: String) -> String {
        switch ending {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        default: "application/octet-stream"
        }
    }

    private static func shortName(_ name: String) -> String {
        let parts = name.replacing("images/", with: "").split(separator: ".")
        let stem = parts[0].split(separator: "-").enumerated().map { $0 == 0 ? String($1) : $1.capitalized }.joined()
        return parts.last == "js" ? stem + "Script" : stem
    }
}
