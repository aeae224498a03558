import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import Sheets

/// The cases of a list as a file: `/console/cases.csv` and `/console/cases.xlsx`, by the same query as the list.
struct ExportRoutes: Sendable {
    let routes: PageRoutes
    /// Spreadsheets need a file and a processor for a while: so many are made at once.
    private let bench = ExportBench(places: 2)

    init(routes: PageRoutes) {
        self.routes = routes
    }

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("console/cases.csv") { request, context in
            let export = try await export(request, context)
            return Response(
                status: .ok, headers: headers("text/csv; charset=utf-8", "csv"),
                body: .init { writer in
                    let csv = CSVTable(utcOffsetMinutes: export.utcOffsetMinutes)
                    try await writer.write(ByteBuffer(string: csv.head(export.table.columns)))
                    try await export.eachPage { rows in
                        try await writer.write(ByteBuffer(string: rows.map(csv.row).joined()))
                    }
                    try await writer.finish(nil)
                })
        }
        group.get("console/cases.xlsx") { request, context in try await spreadsheet(request, context) }
    }

    private func spreadsheet(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let export = try await export(request, context)
        try await Self.requireRoom(for: export.filter, in: routes.readModel)
        guard bench.take() else {
            throw ProblemDetails.unavailable(
                retryAfter: .seconds(10), "Other spreadsheets are being made. Try again in a moment.")
        }
        defer { bench.giveBack() }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sheet-\(MessageID.random())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        do {
            let file = folder.appending(path: "cases.xlsx")
            try await export.write(to: file)
            // Open, the file goes on being there when its name is gone.
            let handle = try FileHandle(forReadingFrom: file)
            try FileManager.default.removeItem(at: folder)
            return Response(
                status: .ok,
                headers: headers("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
                body: .init { writer in
                    while let part = try handle.read(upToCount: 65_536), !part.isEmpty {
                        try await writer.write(ByteBuffer(bytes: part))
                    }
                    try await writer.finish(nil)
                })
        } catch {
            try FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// - Throws: `ProblemDetails` where a spreadsheet cannot hold all of it.
    static func requireRoom(
        for filter: CaseFilter, in readModel: ReadModel, most: Int = SheetWriter.mostRows
    ) async throws {
        guard try await readModel.countCases(filter, atMost: most + 1) <= most else {
            throw ProblemDetails.unprocessable(
                "A spreadsheet has at most \(most) rows. Ask for fewer cases, or for /console/cases.csv, which has no end.",
                errors: [])
        }
    }

    private func export(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> CaseExport {
        let viewer = Viewer(context.principal)
        var wrong: [ProblemDetails.FieldError] = []
        let filter = CaseFilter(request, viewer, wrong: &wrong)
        guard wrong.isEmpty else { throw ProblemDetails.badRequest(errors: wrong) }
        try filter.checkRights(of: viewer)
        let pack = try await routes.pack()
        return CaseExport(
            readModel: routes.readModel, filter: filter, viewer: viewer,
            table: CaseTable(pack, routes.frame.words, Language.wanted(by: request)),
            utcOffsetMinutes: pack?.calendar.utcOffsetMinutes ?? 480)
    }

    private func headers(_ type: String, _ ending: String) -> HTTPFields {
        let day = routes.now().compactDay(utcOffsetMinutes: 480)
        return [
            .contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            .contentDisposition: "attachment; filename=\"cases-\(day).\(ending)\"",
        ]
    }
}

/// Every case of a filter, page by page.
private struct CaseExport: Sendable {
    private static let page = 500

    let readModel: ReadModel
    let filter: CaseFilter
    let viewer: Viewer
    let table: CaseTable
    let utcOffsetMinutes: Int

    func eachPage(_ body: ([[Cell]]) async throws -> Void) async throws {
        var place: CasePlace?
        while true {
            let states = try await readModel.cases(filter, after: place, limit: Self.page)
            guard let last = states.last else { return }
            try await body(states.map { table.row(CaseView($0, for: viewer)) })
            guard states.count == Self.page else { return }
            place = CasePlace(last, in: filter.order)
        }
    }

    func write(to file: URL) async throws {
        let sheet = try SheetWriter(at: file, columns: table.columns, utcOffsetMinutes: utcOffsetMinutes)
        do {
            try await eachPage { try await sheet.append($0) }
        } catch {
            await sheet.abandon()
            throw error
        }
        try await sheet.finish()
    }
}
