import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// What everybody may know of the prize shelf: the catalogue with pictures, the stations, the key of the passes.
struct PrizeRoutes: Sendable {
    let readModel: ReadModel
    let pickUp: PickUpSecret
    let now: @Sendable () -> Timestamp

    func add(to router: some RouterMethods<ServiceRequestContext>) {
        router.get("prizes") { request, _ in try await catalogue(request) }
        router.get("prizes/{id}/photo") { request, context in try await photo(request, context) }
        router.get("stations") { _, _ in
            StationsView(items: (try await pack().points?.stations ?? []).map(StationView.init))
        }
        router.get("stations/pick-up-key") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/jwk-set+json"],
                body: .init(byteBuffer: ByteBuffer(bytes: try pickUp.publicKeys().bytes())))
        }
    }

    private func pack() async throws -> Pack {
        guard let pack = try await readModel.read({ db in try readModel.pack(in: db) }) else {
            throw ProblemDetails.notFound("No pack is in force yet. Put one in force with: suishoupai pack apply.")
        }
        return pack
    }

    private func catalogue(_ request: Request) async throws -> CatalogueView {
        let pack = try await pack()
        let station = request.uri.queryParameters["station"].map { StationID(String($0)) }
        if let station, pack.points?.stations?.contains(where: { $0.id == station }) != true {
            throw ProblemDetails.badRequest(errors: [
                .init(field: "station", message: "must be one of those that GET /v1/stations lists")
            ])
        }
        let stocks = try await readModel.stocks(at: station)
        let day = pack.calendar.isoDay(of: now())
        return CatalogueView(items: (pack.points?.prizes ?? []).map { PrizeView($0, on: day, stocks) })
    }

    /// A picture is named by what it is: who has it need not load it again.
    private func photo(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let id = PrizeID(try context.parameters.require("id"))
        let prize = try await pack().points?.prizes?.first { $0.id == id }
        guard let photo = prize?.photo.flatMap({ Data(base64Encoded: $0) }) else {
            throw ProblemDetails.notFound("There is no prize of this id, or it has no picture.")
        }
        let tag = "\"\(ContentHash.sha256(photo))\""
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "public, max-age=3600"]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        var all = headers
        all[.contentType] = photo.starts(with: [0x89]) ? "image/png" : "image/jpeg"
        return Response(status: .ok, headers: all, body: .init(byteBuffer: ByteBuffer(bytes: photo)))
    }
}

extension PackCalendar {
    /// The day that a time lies in, as `2026-11-23`.
    func isoDay(of time: Timestamp) -> String {
        let day = time.compactDay(utcOffsetMinutes: utcOffsetMinutes)
        return "\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))"
    }
}
