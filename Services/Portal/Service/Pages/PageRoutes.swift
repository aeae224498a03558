import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// The pages for those who report: `/report`, `/me`, `/wallet` and `/inbox`.
///
/// Each works without a script; scripts add the map, the camera's position, sound, and sending later.
struct PageRoutes: Sendable {
    let frame: Frame
    let readModel: ReadModel
    let door: CommandDoor
    let pickUp: PickUpSecret
    let contacts: ContactSeal
    let intake: IntakeForward?
    /// Under which licence open data is given away.
    let openLicense: String
    let progress: ReadProgress
    let now: @Sendable () -> Timestamp

    func add(to router: Router<ServiceRequestContext>) {
        router.get("language") { request, _ in chooseLanguage(request) }
        router.get("manifest.webmanifest") { request, _ in manifest(request) }
        router.get("map/communities.json") { request, _ in try await CommunityOutlines(readModel).answer(request) }
        router.get("session") { request, _ in sessionAnswer(request) }
        OpenDataRoutes(routes: self, license: openLicense).add(to: router)
        let pages = router.guarded()
        ReportPages(routes: self).add(to: router)
        CasePages(routes: self).add(to: pages)
        WalletPages(routes: self).add(to: pages)
        InboxPages(routes: self).add(to: pages)
        SettingsPages(routes: self, contacts: contacts).add(to: pages)
        ConsoleRoutes(routes: self).add(to: pages)
        ExportRoutes(routes: self).add(to: pages)
        if let intake { intake.add(to: router.guarded("v1")) }
    }

    func visit(_ request: Request) -> Visit { Visit(request, sessions: frame.sessions) }

    func pack() async throws -> Pack? { try await readModel.read { db in try readModel.pack(in: db) } }

    /// A new name for what a form sends, so that sent twice it is done once.
    func formKey() -> String { MessageID.random().description }

    private func chooseLanguage(_ request: Request) -> Response {
        let query = request.uri.queryParameters
        var response = Response.leading(to: WayBack.checked(query["back"].map(String.init)))
        if let language = query["to"].flatMap({ Language(rawValue: String($0)) }) {
            response.setCookie(language.cookie(isSecure: frame.sessions.isSecure))
        }
        return response
    }

    /// For scripts that send later: who is signed in now, and what forms carry.
    private func sessionAnswer(_ request: Request) -> Response {
        let session = frame.sessions.session(of: request)
        let answer: JSONValue =
            session.map {
                ["subject": .string($0.subject), "formToken": .string(frame.sessions.formToken(of: $0))]
            } ?? ["subject": .null]
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: .init(bytes: answer.bytes())))
    }

    private func manifest(_ request: Request) -> Response {
        let language = Language.wanted(by: request)
        func icon(_ name: String, _ purpose: String) -> JSONValue {
            [
                "src": .string(frame.assets.addresses[name] ?? ""), "sizes": "any", "type": "image/svg+xml",
                "purpose": .string(purpose),
            ]
        }
        let manifest: JSONValue = [
            "id": "/report", "name": .string(frame.words.text("app.name", language)),
            "short_name": .string(frame.words.text("app.short", language)), "start_url": "/report", "scope": "/",
            "display": "standalone", "background_color": "#f6f7f9", "theme_color": "#0b5d51",
            "lang": .string(language.tag),
            "icons": .array([icon("appIcon", "any"), icon("appIconMaskable", "maskable")]),
        ]
        return Response(
            status: .ok, headers: [.contentType: "application/manifest+json", .cacheControl: "no-cache"],
            body: .init(byteBuffer: .init(bytes: manifest.bytes())))
    }
}

/// The outlines of the communities and the landmarks, for maps that have no tiles.
struct CommunityOutlines: Sendable {
    let readModel: ReadModel

    init(_ readModel: ReadModel) { self.readModel = readModel }

    func answer(_ request: Request) async throws -> Response {
        let pack = try await readModel.read { db in try readModel.pack(in: db) }
        let features = (pack?.communities ?? []).map { community -> JSONValue in
            [
                "type": "Feature", "properties": ["name": .string(community.name)],
                "geometry": [
                    "type": "MultiPolygon",
                    "coordinates": .array(
                        community.outline.map { polygon in .array(polygon.map { .array(Self.corners($0)) }) }),
                ],
            ]
        }
        let isEnglish = Language.wanted(by: request) == .english
        let landmarks = (pack?.landmarks ?? []).map { landmark -> JSONValue in
            [
                "type": "Feature",
                "properties": ["name": .string(isEnglish ? landmark.englishName : landmark.name)],
                "geometry": [
                    "type": "Point",
                    "coordinates": [
                        .number(Double(landmark.longitudeE7) / 1e7), .number(Double(landmark.latitudeE7) / 1e7),
                    ],
                ],
            ]
        }
        let body: JSONValue = ["type": "FeatureCollection", "features": .array(features + landmarks)]
        return Response(
            status: .ok, headers: [.contentType: "application/geo+json", .cacheControl: "private, max-age=300"],
            body: .init(byteBuffer: .init(bytes: body.bytes())))
    }

    /// The first corner as it is, each other as the way from the one before; closed, as GeoJSON wants it.
    private static func corners(_ ring: [Int]) -> [JSONValue] {
        var (latitude, longitude) = (0, 0)
        var corners: [JSONValue] = []
        for index in stride(from: 0, to: ring.count - 1, by: 2) {
            (latitude, longitude) = (latitude + ring[index], longitude + ring[index + 1])
            corners.append([.number(Double(longitude) / 1e7), .number(Double(latitude) / 1e7)])
        }
        if let first = corners.first, corners.last != first { corners.append(first) }
        return corners
    }
}

/// What a form sent, with the principal's own key for it.
struct SentForm: Sendable {
    let fields: FormFields
    let key: String

    init(_ request: Request) async throws {
        let body = try await request.wholeBody(
            atMost: SessionMiddleware.largestForm, advice: "The form and its photos are too large together.")
        guard let fields = FormFields(body, type: request.headers[.contentType] ?? "") else {
            throw ProblemDetails.badRequest("Send the form of the page.")
        }
        self.fields = fields
        key = fields["key"].flatMap { IdempotencyKey($0)?.value } ?? MessageID.random().description
    }
}
