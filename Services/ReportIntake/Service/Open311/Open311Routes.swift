import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// The door for other cities' apps: Open311 GeoReport v2 at `/open311/v2`, and its discovery.
struct Open311Routes: Sendable {
    typealias Call = @Sendable (Open311Call) async throws -> Open311Answer

    let desk: ReportDesk
    let keys: APIKeys
    let discovery: Discovery

    func add(to router: Router<ServiceRequestContext>) {
        let discover: Call = { call in discovery.answer(authority: call.request.head.authority) }
        route("open311/discovery", [.get: discover], to: router)
        let calls: [(String, [HTTPRequest.Method: Call])] = [
            // Some clients look for it under the endpoint.
            ("discovery", [.get: discover]),
            ("services", [.get: { call in services(call) }]),
            ("services/{id}", [.get: { call in try definition(call) }]),
            ("requests", [.get: { call in try await list(call) }, .post: { call in try await create(call) }]),
            ("requests/{id}", [.get: { call in try await show(call) }]),
            // So the published description of the interface spells it, against the text of the standard.
            ("request/{id}", [.get: { call in try await show(call) }]),
            ("tokens/{id}", [.get: { call in try await resolve(call) }]),
            (
                "servicerequestupdates",
                [.get: { call in try await updates(call) }, .post: { call in try await takeUpdate(call) }]
            ),
        ]
        for (name, methods) in calls {
            route("open311/v2/\(name)", methods.mapValues(inJurisdiction), to: router)
        }
    }

    // MARK: - What can be reported

    private func services(_ call: Open311Call) -> Open311Answer {
        Open311Answer(root: "services", tree: catalogue.tree)
    }

    private func definition(_ call: Open311Call) throws(Open311Fault) -> Open311Answer {
        guard let service = catalogue.service(CategoryCode(call.id)) else {
            throw .notFound("This service_code is not offered here: choose one of GET services.")
        }
        return service.definition
    }

    // MARK: - Reporting

    private func create(_ call: Open311Call) async throws -> Open311Answer {
        var sender: Sender?
        do {
            let arguments = try await form(of: call)
            let found = Sender(try await poster(call, arguments))
            sender = found
            try desk.quotas.check(.reports, by: Quotas.Payer(found))
            return try await take(arguments, of: call, from: found)
        } catch {
            let status = Open311Fault.of(error)?.status
            if status == .tooManyRequests, let sender { desk.metrics.countTurnedAway(sender.id) }
            if let status, [.badRequest, .forbidden, .notFound].contains(status) {
                desk.metrics.countRejected(.open311, from: sender?.id)
            }
            throw error
        }
    }

    private func take(
        _ arguments: Open311Arguments, of call: Open311Call, from sender: Sender
    ) async throws -> Open311Answer {
        let posted = try PostedRequest(arguments, from: sender, catalogue: catalogue, guidance: try guidance())
        let brought = try await desk.shelves.read(photos: arguments.files, at: desk.now())
        let entry = try await desk.entry(
            posted.form, from: sender, key: try call.request.idempotencyKey(), json: posted.json(with: brought),
            traceParent: TraceParent.of(call.request), brought: brought)
        switch try await desk.add(entry, with: brought, from: sender) {
        case .accepted(let receipt), .repeated(let receipt):
            return posted.answer(
                receipt, desk.tidings(of: entry, receipt), isExtended: arguments["extensions"]?.lowercased() == "true")
        case .conflict: throw Open311Fault.badRequest("The Idempotency-Key was used before for another request.")
        }
    }

    private func guidance() throws(ProblemDetails) -> Guidance {
        do { return try desk.guidance() } catch { throw error.problem }
    }

    /// The id of the case that came of a report; none while it is on its way.
    private func resolve(_ call: Open311Call) async throws -> Open311Answer {
        let unknown = Open311Fault.notFound("This token is not known here: send the one that POST requests answered.")
        guard let token = MessageID(call.id) else { throw unknown }
        let id = try await desk.store.caseId(of: token)
        if id == nil, try await desk.store.report(token) == nil { throw unknown }
        return Open311Answer(
            root: "service_requests",
            tree: .list(
                of: "request",
                [.members(["service_request_id": .optional(id?.rawValue), "token": .text(token.description)])]))
    }

    // MARK: - Reading

    private func list(_ call: Open311Call) async throws -> Open311Answer {
        let sight = try await sight(of: call)
        let cases =
            switch try RequestFilter(call.arguments, isExact: sight == .partner, now: desk.now()) {
            case .ids(let ids): try await desk.store.cases(ids)
            case .all(let filter): try await desk.store.cases(filter)
            }
        return try await answer(cases, to: call, sight)
    }

    private func show(_ call: Open311Call) async throws -> Open311Answer {
        let sight = try await sight(of: call)
        let cases = try await desk.store.cases([call.id])
        guard !cases.isEmpty else {
            throw Open311Fault.notFound("There is no request of this service_request_id, or it has not come here yet.")
        }
        return try await answer(cases, to: call, sight)
    }

    private func answer(_ cases: [KnownCase], to call: Open311Call, _ sight: Sight) async throws -> Open311Answer {
        let isExtended = call.arguments["extensions"]?.lowercased() == "true"
        let ids = cases.map(\.id)
        return RequestTrees(
            catalogue: catalogue, sight: sight,
            updates: isExtended ? try await desk.store.caseUpdates(of: ids) : nil,
            answers: isExtended ? try await desk.store.answers(about: ids) : [:], address: address(for: call)
        ).answer(cases)
    }

    /// Where a photo is found by whoever is told.
    private func address(for call: Open311Call) -> @Sendable (PhotoID) -> String {
        let endpoint = discovery.endpoint(authority: call.request.head.authority)
        return { [media = desk.media] photo in "\(endpoint)/\(media.path(of: photo))" }
    }

    private func updates(_ call: Open311Call) async throws -> Open311Answer {
        let sight = try await sight(of: call)
        let (span, page) = try RequestUpdates.window(call.arguments, now: desk.now())
        let updates = try await desk.store.caseUpdates(in: span, page: page)
        // A photo may show a person or a door, so not everybody is told where it is.
        let address: (@Sendable (PhotoID) -> String)? = sight == .partner ? address(for: call) : nil
        return RequestUpdates.answer(updates, address: address)
    }

    /// Takes what another system says of a request that came through it.
    private func takeUpdate(_ call: Open311Call) async throws -> Open311Answer {
        let arguments = try await form(of: call)
        let poster = try await poster(call, arguments)
        let posted = try PostedUpdate(arguments)
        try desk.quotas.check(.reports, by: Quotas.Payer(Sender(poster)))
        let answer = try await desk.amend(
            posted.form, try await standing(of: posted.caseId, for: poster), key: posted.key, json: posted.json,
            traceParent: TraceParent.of(call.request), photoOwner: nil)
        return posted.answer(answer)
    }

    /// In which of the request's reports the poster has a say; the first that came.
    private func standing(of caseId: String, for poster: Principal) async throws -> Standing {
        let unknown = Open311Fault.notFound(
            "There is no request of this service_request_id that came through you, or it has not come here yet.")
        for report in try await desk.store.reports(in: CaseID(caseId)) {
            do {
                return try await desk.standing(of: report, for: poster)
            } catch let problem as ProblemDetails where problem.status == .notFound {
                continue
            }
        }
        throw unknown
    }

    private func form(of call: Open311Call) async throws -> Open311Arguments {
        // A wrong key that came before the form is refused before the form is read.
        let isKnown = try await holder(call, call.arguments) != nil
        let arguments = try await call.form(isKnown: isKnown) { try await holder(call, $0) != nil }
        try catalogue.check(arguments)
        return arguments
    }

    private var catalogue: ServiceCatalogue { desk.communities.catalogue }
}

// MARK: - Who calls

extension Open311Routes {
    /// Whose key came with a call; nil where none did.
    ///
    /// - Throws: `Open311Fault` 403 for a key that is not known.
    private func holder(_ call: Open311Call, _ arguments: Open311Arguments) async throws -> Principal? {
        let unknown = Open311Fault.forbidden("This api_key is not known, or too old: ask the operator for a new one.")
        if let key = arguments["api_key"] {
            guard let holder = try await keys.holder(of: key) else { throw unknown }
            return holder
        }
        switch call.context.identity {
        case .anonymous: return nil
        case .known(let principal): return principal
        case .refused(.keysUnavailable): throw ProblemDetails.keysUnavailable(retryAfter: .seconds(10))
        case .refused: throw unknown
        }
    }

    private func poster(_ call: Open311Call, _ arguments: Open311Arguments) async throws -> Principal {
        guard let holder = try await holder(call, arguments) else {
            throw Open311Fault.forbidden("An api_key is needed: ask the operator for one and send it as api_key.")
        }
        guard holder.has(anyOf: ReportRoutes.reporters) else {
            throw Open311Fault.forbidden("This api_key may not report: use one of a platform, a rider or a resident.")
        }
        return holder
    }

    private func sight(of call: Open311Call) async throws -> Sight {
        let holder = try await holder(call, call.arguments)
        let isPartner = holder?.has(anyOf: ReportRoutes.staff.union([.platform])) ?? false
        return isPartner ? .partner : .everybody
    }
}

// MARK: - How calls are answered

extension Open311Routes {
    private func inJurisdiction(_ call: @escaping Call) -> Call {
        { asked in
            try catalogue.check(asked.arguments)
            return try await call(asked)
        }
    }

    /// Adds a path in both formats, for pages of other sites, too.
    private func route(
        _ path: String, _ calls: [HTTPRequest.Method: Call], to router: Router<ServiceRequestContext>
    ) {
        let methods = calls.keys.map(\.rawValue).sorted().joined(separator: ", ")
        for format in Open311Format.allCases {
            let path = RouterPath("\(path).\(format.rawValue)")
            for (method, call) in calls {
                router.on(path, method: method) { request, context in
                    try await answer(request, context, format, call)
                }
            }
            router.on(path, method: .options) { _, _ in
                Response(
                    status: .noContent,
                    headers: [
                        .accessControlAllowOrigin: "*",
                        .accessControlAllowMethods: methods,
                        .accessControlAllowHeaders: "Authorization, Content-Type, Idempotency-Key",
                        .accessControlMaxAge: "86400",
                    ])
            }
        }
    }

    private func answer(
        _ request: Request, _ context: ServiceRequestContext, _ format: Open311Format, _ call: Call
    ) async throws -> Response {
        var response: Response
        do {
            let arguments = try Open311Arguments(urlEncoded: request.uri.query ?? "")
            response = try await call(Open311Call(request: request, context: context, arguments: arguments))
                .response(format)
        } catch {
            guard let fault = Open311Fault.of(error) else { throw error }
            response = fault.answer.response(format)
        }
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
