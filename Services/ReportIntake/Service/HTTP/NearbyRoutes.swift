import Contracts
import Geography
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// Tells who stands before a problem whether it is known already: `GET /v1/reports/nearby`.
///
/// Only cases 随手拍 are suggested: a request 直通车 is a personal matter, and nobody else's to know or to support.
struct NearbyRoutes: Sendable {
    static let usualRadius = 100
    static let longestRadius = 1_000
    static let most = 20

    let desk: ReportDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.group("v1/reports", context: AuthenticatedRequestContext.self).get("nearby") { request, context in
            try context.principal.require(anyOf: ReportRoutes.reporters)
            try desk.quotas.check(.trimmings, by: Quotas.Payer(Sender(context.principal)))
            return try await list(try NearbyQuery(request))
        }
    }

    private func list(_ query: NearbyQuery) async throws -> JSONValue {
        let cases = try await desk.store.openSnapshots(latitudesE7: query.latitudesE7, category: query.category)
        let now = desk.now()
        let nearest = cases.compactMap { query.distance(to: $0) }.sorted { $0.isBefore($1) }.prefix(Self.most)
        return ["items": .array(nearest.map { $0.json(now) })]
    }
}

/// Where somebody stands, and what they are about to report.
private struct NearbyQuery {
    let place: Place
    let category: CategoryCode?
    /// In metres.
    let radius: Int

    /// - Throws: `ProblemDetails` 400 that names every wrong parameter.
    init(_ request: Request) throws(ProblemDetails) {
        var query = QueryFields(request)
        let place = query.place()
        radius = query.text("radius").map { Int($0) ?? 0 } ?? NearbyRoutes.usualRadius
        if !(1...NearbyRoutes.longestRadius).contains(radius) {
            query.note("radius", "must be from 1 to \(NearbyRoutes.longestRadius) metres")
        }
        do throws(FormFault) {
            category = try query.text("category").map { code throws(FormFault) in try CategoryCode.checked(code) }
        } catch {
            category = nil
            query.note("category", error.message)
        }
        guard query.errors.isEmpty, let place else { throw .badRequest(errors: query.errors) }
        self.place = place
    }

    /// Wide enough for the radius, so that the store need not look at every case.
    var latitudesE7: ClosedRange<Int> {
        // A metre is a little less than 90 of them.
        let reach = radius * 91
        return (Int(place.latitudeE7) - reach)...(Int(place.latitudeE7) + reach)
    }

    /// The case with its distance; nil where it lies too far away.
    func distance(to known: KnownCase) -> NearbyCase? {
        let location = known.location
        guard let other = Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7) else { return nil }
        let centimetres = Geography.distance(from: place, to: other)
        return centimetres <= radius * 100 ? NearbyCase(known: known, centimetres: centimetres) : nil
    }
}

/// A case with how far away it is.
private struct NearbyCase {
    let known: KnownCase
    let centimetres: Int

    func isBefore(_ other: NearbyCase) -> Bool {
        (centimetres, known.id) < (other.centimetres, other.known.id)
    }

    func json(_ now: Timestamp) -> JSONValue {
        var members: [String: JSONValue] = [
            "caseId": .string(known.id.rawValue),
            "caseNumber": .string(known.number),
            "communityId": .string(known.communityId.rawValue),
            "category": .string(known.category.rawValue),
            "stage": .string(known.stage.rawValue),
            "description": .string(known.description),
            "distance": .integer(Int64((centimetres + 50) / 100)),
            "age": .integer(max(0, now.milliseconds - known.submittedAt.milliseconds) / 1_000),
        ]
        // Whoever asks here has signed in, and may see photos.
        members["photo"] = known.photoIds.first.map { .string("/v1/photos/\($0.rawValue)?form=thumbnail") }
        return .object(members)
    }
}
