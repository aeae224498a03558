import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/report`: a photo, a place, sent.
struct ReportPages: Sendable {
    let routes: PageRoutes

    /// So many categories stand there at once; the others unfold.
    private static let atOnce = 8

    func add(to router: Router<ServiceRequestContext>) {
        let group = router.guarded(by: RightsMiddleware { request, context in refusal(request, context) })
        group.get("report") { request, context in try await show(request, context) }
        group.post("report") { request, context in try await send(request, context) }
    }

    /// For whoever may not report: who they are here, and where else to go.
    private func refusal(_ request: Request, _ context: AuthenticatedRequestContext) -> Response {
        routes.frame.page(
            "no-role", ["subject": context.principal.subject], routes.visit(request), status: .forbidden)
    }

    private func show(
        _ request: Request, _ context: AuthenticatedRequestContext, kept: FormFields? = nil, trouble: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let visit = routes.visit(request)
        let pack = try await routes.pack()
        let kind =
            (kept?["kind"] ?? request.uri.queryParameters["kind"].map(String.init)).flatMap(ReportKind.init(rawValue:))
            ?? .snapshot
        let teller = CaseTeller(frame: routes.frame, pack: pack, visit: visit, now: routes.now())
        let categories = (pack?.categories ?? []).filter { $0.kind == kind }.map { category -> [String: Any] in
            [
                "code": category.code.rawValue, "name": teller.category(category.code),
                "isChosen": kept?["category"] == category.code.rawValue,
            ]
        }
        let questions = ReportQuestions(pack, kind: kind).shown(by: teller, kept: kept)
        var content: [String: Any] = [
            "kind": kind.rawValue, "isRequest": kind == .request, "isSnapshot": kind == .snapshot,
            "categories": Array(categories.prefix(Self.atOnce)), "more": Array(categories.dropFirst(Self.atOnce)),
            "hasMore": categories.count > Self.atOnce, "hasCategories": !categories.isEmpty,
            "questions": questions, "hasQuestions": !questions.isEmpty, "landmarks": landmarks(pack, visit),
            "key": kept?["key"] ?? routes.formKey(),
            "typed": kept?["description"] ?? "", "hasIntake": routes.intake != nil,
            "hasLeaflet": routes.frame.assets.hasLeaflet,
        ]
        if let tiles = routes.frame.tiles { content["tiles"] = ["template": tiles.template, "credit": tiles.credit] }
        if let trouble { content["trouble"] = trouble }
        return routes.frame.page("report", content, visit, status: status)
    }

    private func landmarks(_ pack: Pack?, _ visit: Visit) -> [[String: Any]] {
        (pack?.landmarks ?? []).map {
            ["id": $0.id.rawValue, "name": visit.language == .english ? $0.englishName : $0.name]
        }
    }

    /// The form without a script: photos and words as they are, a landmark for the place.
    private func send(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        guard let intake = routes.intake else { throw ProblemDetails.notFound() }
        let form = try await SentForm(request)
        let visit = routes.visit(request)
        let words = routes.frame.words
        guard let report = try await report(form.fields, visit) else {
            return try await show(
                request, context, kept: form.fields, trouble: words.text("report.needs-place", visit.language),
                status: .unprocessableContent)
        }
        let photos = form.fields.files.filter { $0.name == "photo" }
        let (status, json) = try await intake.send(report, files: photos, key: form.key, by: context.principal)
        guard status == 201 else {
            let fault = json["errors"]?.array?.first.map {
                "\($0["field"]?.string ?? "") \($0["message"]?.string ?? "")"
            }
            return try await show(
                request, context, kept: form.fields,
                trouble: words.text("report.refused", visit.language) + " " + (fault ?? json["detail"]?.string ?? ""),
                status: .init(code: status))
        }
        return .leading(to: "/me?sent=\(json["reportId"]?.string ?? "1")")
    }

    /// Nil where no place was said.
    private func report(_ fields: FormFields, _ visit: Visit) async throws -> JSONValue? {
        var members: [String: JSONValue] = ["kind": .string(fields["kind"] ?? ReportKind.snapshot.rawValue)]
        if let latitude = fields["latitude"].flatMap(Double.init),
            let longitude = fields["longitude"].flatMap(Double.init)
        {
            members["location"] = ["latitude": .number(latitude), "longitude": .number(longitude), "datum": "wgs84"]
        } else if let landmark = fields["landmark"] {
            members["landmark"] = .string(landmark)
        } else {
            return nil
        }
        let code = fields["category"].map { CategoryCode($0) }
        if let code { members["category"] = .string(code.rawValue) }
        let pack = try await routes.pack()
        let kind = fields["kind"].flatMap(ReportKind.init(rawValue:)) ?? .snapshot
        members["answers"] = ReportQuestions(pack, kind: kind).answers(in: fields, about: code)
        let name = code.flatMap { ReferenceNames(pack).category($0)?.shortName }
        members["description"] = .string(
            fields["description"] ?? name ?? routes.frame.words.text("report.see-photo", .chinese))
        if let identity = fields["identity"] { members["identity"] = .string(identity) }
        return .object(members)
    }
}
