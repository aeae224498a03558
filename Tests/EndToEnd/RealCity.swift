import Foundation
import Testing

/// Los Angeles, January 2020: 6,660 requests of its own open data, and 99 neighbourhood councils.
enum RealCity {
    static let absence: Comment = "the real data are not here: ../shared/data/la311 is absent"
    static let isPresent = FileManager.default.fileExists(atPath: path("service_requests.csv"))

    private static let folder = Deployment.root.deletingLastPathComponent().appending(path: "shared/data/la311")

    static func file(_ name: String) -> URL { folder.appending(path: name) }

    /// A pack of the city's councils and types of requests, made as an operator makes one.
    static func makePack(in folder: URL) async throws -> URL {
        let pack = folder.appending(path: "los-angeles")
        let made = try await Deployment.suishoupai([
            "pack", "new", "--communities", path("neighborhood_councils.geojson"), "--id-property", "nc_id",
            "--name-property", "name", "--categories", path("types.csv"), "--category-code", "type_id",
            "--category-name", "type_name", "--name", "los-angeles", "--utc-offset-minutes", "-480", "--to",
            pack.path(percentEncoded: false),
        ])
        #expect(made.status == 0, "\(made.output)")
        return pack
    }

    /// - Parameter table: Requests in the city's own form.
    static func importRequests(
        of table: URL = file("service_requests.csv"), into deployment: Deployment
    ) async throws -> Deployment.Answer {
        try await deployment.suishoupai(
            "import", "--data", deployment.data, "--mapping",
            Deployment.root.appending(path: "Tests/EndToEnd/la311-mapping.yaml").path(percentEncoded: false),
            table.path(percentEncoded: false))
    }

    private static func path(_ name: String) -> String { file(name).path(percentEncoded: false) }
}
