import Contracts
import Geography
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// Finds the places that people know by name: `GET /v1/landmarks`.
///
/// A report may name one by its id instead of a place.
struct LandmarkRoutes: Sendable {
    static let most = 20

    let communities: CommunityFinder

    func add(to router: Router<ServiceRequestContext>) {
        router.group("v1/landmarks", context: AuthenticatedRequestContext.self).get { request, _ in
            try list(try LandmarkQuery(request))
        }
    }

    private func list(_ query: LandmarkQuery) throws -> JSONValue {
        let guidance = communities.guidance
        let found = guidance.landmarks.find(query.letters, near: query.place, atMost: Self.most)
        return ["items": .array(found.map { $0.json(in: guidance.communities) })]
    }
}

/// What somebody looks for, and where they stand; both may be left open.
private struct LandmarkQuery {
    static let longest = 100

    let letters: String?
    let place: Place?

    /// - Throws: `ProblemDetails` 400 that names every wrong parameter.
    init(_ request: Request) throws(ProblemDetails) {
        var query = QueryFields(request)
        letters = query.text("q")
        if let letters, letters.unicodeScalars.count > Self.longest {
            query.note("q", "must be at most \(Self.longest) characters long")
        }
        let hasPlace = ["latitude", "longitude", "datum"].contains { query.text($0) != nil }
        place = hasPlace ? query.place() : nil
        guard query.errors.isEmpty else { throw .badRequest(errors: query.errors) }
    }
}

extension FoundLandmark {
    fileprivate func json(in communities: Communities) -> JSONValue {
        let location = landmark.location
        var members: [String: JSONValue] = [
            "id": .string(landmark.id.rawValue),
            "name": .string(landmark.name),
            "englishName": .string(landmark.englishName),
            "aliases": .array(landmark.aliases.map { .string($0) }),
            "location": ["latitude": .number(location.latitude), "longitude": .number(location.longitude)],
            "communityId": .string(communities.community(at: location).rawValue),
        ]
        members["distance"] = distance.map { .integer(Int64($0)) }
        return .object(members)
    }
}
