import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Statements, the budget, and the roots of closed months: as JSON, as CSV, or as a page to read and print.
struct StatementRoutes: Sendable {
    let readModel: ReadModel
    let now: @Sendable () -> Timestamp

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("me/statement") { request, context in try await own(request, context) }
        group.get("points/statements/{account}") { request, context in
            let account = AccountID(try context.parameters.require("account"))
            let month = try await month(of: request)
            let statement = try await statement("账户 \(account)", [account], month)
            guard statement.accounts.contains(where: { $0.opening != 0 || !$0.lines.isEmpty }) else {
                throw ProblemDetails.notFound(
                    "No account of this id had a posting up to \(month.name). An id looks like "
                        + "available:LEDGER:PERSON, available:LEDGER:team/TEAM, funder:LEDGER:FUNDER or issued:LEDGER.")
            }
            return try await answer(statement, request, context)
        }
        group.get("points/teams/{team}/statement") { request, context in try await team(request, context) }
        group.get("points/budget") { request, _ in
            try await budget(request)
        }
        group.get("stations/{id}/statement") { request, context in try await station(request, context) }
    }

    /// Roots are for everybody: who has one can hold a statement against it.
    func addPublic(to router: some RouterMethods<ServiceRequestContext>) {
        router.get("points/months") { request, _ in
            let pack = try await pack()
            let ledger = try Self.ledger(of: request, in: pack)
            return ClosedMonthsView(ledgerId: ledger, months: try await readModel.closedMonths(of: ledger))
        }
    }

    private func own(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let month = try await month(of: request)
        let accounts = try await readModel.accounts(ofPersons: context.principal.names)
        return try await answer(try await statement("我的积分", accounts, month), request, context)
    }

    private func team(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let id = TeamID(try context.parameters.require("team"))
        guard let team = try await pack().points?.teams?.first(where: { $0.id == id }) else {
            throw ProblemDetails.notFound("The pack in force has no team of this id.")
        }
        let names = context.principal.names
        let isInTeam = (team.memberIds + [team.leaderId]).contains { names.contains($0.rawValue) }
        try CallRight.of(request, context).check(context.principal, isRelated: isInTeam)
        let accounts = ["pending", "available", "held"].map { AccountID("\($0):\(team.ledgerId):team/\(id)") }
        return try await answer(
            try await statement(team.name, accounts, try await month(of: request)), request, context)
    }

    private func statement(
        _ title: String, _ accounts: [AccountID], _ month: StatementMonth
    ) async throws -> StatementView {
        var parts: [StatementView.Account] = []
        for account in accounts {
            let (opening, lines) = try await readModel.postings(of: account, from: month.start, until: month.end)
            parts.append(StatementView.Account(account, opening: opening, lines: lines))
        }
        return StatementView(title: title, month: month.name, accounts: parts, rule: StatementView.ruleText)
    }

    private func budget(_ request: Request) async throws -> BudgetView {
        let pack = try await pack()
        let ledger = try Self.ledger(of: request, in: pack)
        return try await BudgetView.read(ledger, pack, from: readModel)
    }

    private func station(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let id = StationID(try context.parameters.require("id"))
        guard let station = try await pack().points?.stations?.first(where: { $0.id == id }) else {
            throw ProblemDetails.notFound("The pack in force has no station of this id.")
        }
        let worksThere = station.staffIds.contains { context.principal.names.contains($0.rawValue) }
        try CallRight.of(request, context).check(context.principal, isRelated: worksThere)
        let month = try await month(of: request)
        let events = try await readModel.stationEvents(of: id, from: month.start, until: month.end)
        let view = try StationStatementView(station, month: month.name, events: events)
        if request.wants("html") { return StationPage(view, utcOffsetMinutes: try await offset()).response }
        guard request.wants("csv") else { return try view.response(from: request, context: context) }
        return Self.file(view.csv, named: "\(id)-\(month.name).csv")
    }

    private func answer(
        _ statement: StatementView, _ request: Request, _ context: AuthenticatedRequestContext
    ) async throws -> Response {
        if request.wants("csv") { return Self.file(statement.csv, named: "statement-\(statement.month).csv") }
        if request.wants("html") { return StatementPage(statement, utcOffsetMinutes: try await offset()).response }
        return try statement.response(from: request, context: context)
    }

    private static func file(_ text: String, named name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "attachment; filename=\"\(name)\"",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func pack() async throws -> Pack {
        guard let pack = try await readModel.read({ db in try readModel.pack(in: db) }) else {
            throw ProblemDetails.notFound("No pack is in force yet. Put one in force with: suishoupai pack apply.")
        }
        return pack
    }

    private func offset() async throws -> Int { try await pack().calendar.utcOffsetMinutes }

    /// The month that is asked for; this one where none is.
    private func month(of request: Request) async throws -> StatementMonth {
        let offset = try await offset()
        guard let name = request.uri.queryParameters["month"] else {
            return StatementMonth(containing: now(), utcOffsetMinutes: offset)
        }
        guard let month = StatementMonth(String(name), utcOffsetMinutes: offset) else {
            throw ProblemDetails.badRequest(errors: [.init(field: "month", message: "must be a month such as 2026-11")])
        }
        return month
    }

    private static func ledger(of request: Request, in pack: Pack) throws -> LedgerID {
        let known = pack.communities.map(\.ledgerId).reduce(into: [LedgerID]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        guard let name = request.uri.queryParameters["ledger"] else {
            guard known.count == 1 else {
                throw ProblemDetails.badRequest(errors: [
                    .init(field: "ledger", message: "must be one of \(known.map(\.rawValue).joined(separator: ", "))")
                ])
            }
            return known[0]
        }
        guard let ledger = known.first(where: { $0.rawValue == String(name) }) else {
            throw ProblemDetails.badRequest(errors: [
                .init(field: "ledger", message: "must be one of \(known.map(\.rawValue).joined(separator: ", "))")
            ])
        }
        return ledger
    }
}

/// The roots of a ledger's closed months, the newest first.
struct ClosedMonthsView: ResponseEncodable, Sendable {
    let ledgerId: LedgerID
    let months: [PeriodClosed]
}

extension Request {
    /// Whether `?format=` or `Accept` asks for a form other than JSON.
    fileprivate func wants(_ format: String) -> Bool {
        if let asked = uri.queryParameters["format"] { return String(asked) == format }
        return headers[.accept]?.hasPrefix("text/\(format)") == true
    }
}

extension StationStatementView {
    init(
        _ station: PackStation, month: String, events: [(at: Timestamp, type: String, body: Data)]
    ) throws {
        var lines: [Line] = []
        var points = 0
        for event in events {
            if event.type.hasPrefix("stock.") {
                let moved = try Envelope<StockMoved>(value: event.body).data
                lines += moved.lines.map {
                    Line(
                        at: event.at, type: event.type, prizeId: $0.prizeId, change: $0.after - $0.before,
                        count: $0.after, orderId: nil, actorId: moved.actorId, reason: moved.reason)
                }
            } else {
                let changed = try Envelope<OrderChanged>(value: event.body).data
                if changed.step == .handedOver { points += changed.points }
                lines += changed.lines.map {
                    Line(
                        at: event.at, type: event.type, prizeId: $0.prizeId,
                        change: changed.step == .handedOver ? -$0.count : nil, count: $0.count,
                        orderId: changed.orderId, actorId: changed.actorId, reason: changed.reason)
                }
            }
        }
        self.init(
            stationId: station.id, name: station.name, month: month, pointsHandedOver: points, lines: lines)
    }
}
