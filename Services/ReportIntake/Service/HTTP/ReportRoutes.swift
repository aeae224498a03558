import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// The door for rider apps: `/v1/reports`.
struct ReportRoutes: Sendable {
    /// Who may report.
    static let reporters: Set<Role> = [.rider, .resident, .platform, .admin]
    /// Who may see any report.
    static let staff: Set<Role> = [.worker, .verifier, .dispatcher, .admin]

    let desk: ReportDesk

    func add(to router: Router<ServiceRequestContext>) {
        let reports = router.group("v1/reports", context: AuthenticatedRequestContext.self)
        reports.post { request, context in try await submit(request, context) }
        reports.post("preview") { request, context in try await preview(request, context) }
        reports.post("stream") { request, context in
            try context.principal.require(anyOf: Self.reporters)
            try backlogIsBearable()
            let sender = Sender(context.principal)
            // A stream that may not even begin is refused; one that runs is slowed.
            try takeRoom(for: sender)
            return ReportStream(desk: desk, sender: sender).response(to: request)
        }
        reports.get("{id}") { request, context in try await show(context) }
    }

    private func submit(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        try context.principal.require(anyOf: Self.reporters)
        let sender = Sender(context.principal)
        let key = try request.idempotencyKey()
        try takeRoom(for: sender)
        do {
            return try await take(try await PostedReport(request, context), from: sender, key, TraceParent.of(request))
        } catch let problem as ProblemDetails where problem.status == .unprocessableContent {
            desk.metrics.countRejected(.single, from: sender.id)
            throw problem
        }
    }

    private func take(
        _ posted: PostedReport, from sender: Sender, _ key: IdempotencyKey?, _ traceParent: String?
    ) async throws -> Response {
        switch ReportReading(posted.json, from: sender, hasKey: false, guidance: try guidance()) {
        case .wrong(let errors): throw ProblemDetails.unprocessable(errors: errors)
        case .form(let form, _):
            let brought = try await desk.shelves.read(
                photos: posted.photos, voiceNotes: posted.voiceNotes, at: desk.now())
            let entry = try await desk.entry(
                form, from: sender, key: key, json: brought.named(in: posted.json), traceParent: traceParent,
                brought: brought)
            return try await answer(
                try await desk.add(entry, with: brought, from: sender), to: entry, hasKey: key != nil)
        }
    }

    /// Says what would become of the report; stores nothing and takes no key.
    private func preview(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> JSONValue {
        try context.principal.require(anyOf: Self.reporters)
        let sender = Sender(context.principal)
        try desk.quotas.check(.trimmings, by: Quotas.Payer(sender))
        let json = try await request.json(context)
        switch ReportReading(json, from: sender, hasKey: false, guidance: try guidance()) {
        case .wrong(let errors): throw ProblemDetails.unprocessable(errors: errors)
        case .form(let form, _): return try await desk.preview(form, from: sender)
        }
    }

    private func takeRoom(for sender: Sender) throws(ProblemDetails) {
        do throws(ProblemDetails) {
            try desk.quotas.check(.reports, by: Quotas.Payer(sender))
        } catch {
            desk.metrics.countTurnedAway(sender.id)
            throw error
        }
    }

    private func guidance() throws(ProblemDetails) -> Guidance {
        do { return try desk.guidance() } catch { throw error.problem }
    }

    private func backlogIsBearable() throws(ProblemDetails) {
        do { try desk.backlog.check() } catch { throw error.problem }
    }

    private func answer(
        _ outcome: StoringOutcome, to entry: ReportEntry, hasKey: Bool
    ) async throws(ProblemDetails) -> Response {
        switch outcome {
        case .accepted(let receipt):
            return await created(receipt, for: entry, headers: [:])
        case .repeated(let receipt):
            return await created(receipt, for: entry, headers: [.idempotencyHit: "true"])
        case .conflict:
            throw .unprocessable(errors: [
                .init(
                    field: hasKey ? "Idempotency-Key" : "externalId",
                    message: "was used before for another report")
            ])
        }
    }

    private func created(_ receipt: Receipt, for entry: ReportEntry, headers: HTTPFields) async -> Response {
        let durability = await desk.durability(of: receipt.reportId)
        var members: [String: JSONValue] = [
            "reportId": .string(receipt.reportId.description),
            "communityId": .string(receipt.communityId.rawValue),
            "status": .string(KnownReport.Status.accepted.rawValue),
            "durability": .string(durability.rawValue),
        ]
        desk.tidings(of: entry, receipt).add(to: &members)
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.location] = "/v1/reports/\(receipt.reportId)"
        let body = ByteBuffer(bytes: JSONValue.object(members).bytes())
        return Response(status: .created, headers: headers, body: .init(byteBuffer: body))
    }

    private func show(_ context: AuthenticatedRequestContext) async throws -> JSONValue {
        let principal = context.principal
        guard let id = context.parameters.get("id").flatMap({ MessageID($0) }) else { throw ReportDesk.unknownReport }
        let standing = try await desk.standing(of: id, for: principal, isStaff: principal.has(anyOf: Self.staff))
        guard let report = standing.report else { throw ReportDesk.unknownReport }
        let own = report.json
        return .object(own.merging(try await desk.progress(of: standing)) { own, _ in own })
    }
}

extension Sender {
    init(_ principal: Principal) {
        self.init(
            id: PersonID(principal.subject), maySpeakForOthers: principal.has(anyOf: [.platform, .admin]))
    }
}

extension KnownReport {
    fileprivate var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "reportId": .string(id.description),
            "status": .string(status.rawValue),
            "communityId": .string(communityId.rawValue),
            "kind": .string(kind.rawValue),
            "description": .string(description),
            "location": ["latitude": .number(location.latitude), "longitude": .number(location.longitude)],
            "submittedAt": .string(submittedAt.description),
        ]
        if !photoIds.isEmpty { members["photos"] = .array(photoIds.map { .string($0.rawValue) }) }
        if !voiceNoteIds.isEmpty { members["voiceNotes"] = .array(voiceNoteIds.map { .string($0.rawValue) }) }
        members["category"] = category.map { .string($0.rawValue) }
        members["datum"] = datum.map { .string($0) }
        members["capture"] = capture?.json
        if !answers.isEmpty { members["answers"] = .array(answers.map(\.json)) }
        members["caseId"] = caseId.map { .string($0.rawValue) }
        members["caseNumber"] = caseNumber.map { .string($0) }
        return members
    }
}
