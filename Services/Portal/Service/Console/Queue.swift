import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What somebody looks at in the queue: their part of it, and what they look for there, both from the address.
struct Queue {
    let visit: Visit
    let viewer: Viewer
    let pack: Pack?
    /// The unit that they handle for.
    let unit: UnitID?
    let tabs: [QueueTab]
    let tab: QueueTab
    /// As the address says it, without what the tab adds.
    let wanted: CaseFilter
    let wrong: [ProblemDetails.FieldError]
    private let isDispatcher: Bool
    private let hasOrder: Bool

    init(_ request: Request, _ context: AuthenticatedRequestContext, _ routes: PageRoutes) async throws {
        let principal = context.principal
        visit = routes.visit(request)
        viewer = Viewer(principal)
        pack = try await routes.pack()
        unit = pack?.unit(of: principal.subject)
        let tabs = QueueTab.open(to: principal.roles, unit: unit)
        self.tabs = tabs
        let query = request.uri.queryParameters
        let asked = query["tab"].flatMap { QueueTab(rawValue: String($0)) }
        tab = asked.flatMap { tabs.contains($0) ? $0 : nil } ?? tabs.first ?? .all
        isDispatcher = principal.has(anyOf: [.dispatcher, .admin])
        hasOrder = query["order"] != nil
        var errors: [ProblemDetails.FieldError] = []
        wanted = CaseFilter(request, viewer, wrong: &errors)
        wrong = errors
    }

    var filter: CaseFilter { filter(of: tab) }

    func filter(of tab: QueueTab) -> CaseFilter {
        var filter = tab.filter(wanted, for: viewer.subject, of: unit, isDispatcher: isDispatcher)
        if !hasOrder { filter.order = tab.order }
        return filter
    }

    /// The address of this view, of its form and of its next page.
    func address(adding more: [(String, String)] = []) -> String {
        Self.address("/console", [("tab", tab.rawValue)] + chosen + more)
    }

    /// The same look at another tab; the stage stays behind, since another tab has others.
    func address(of other: QueueTab) -> String {
        Self.address("/console", [("tab", other.rawValue)] + chosen.filter { $0.0 != "stage" })
    }

    /// This view without one of the things that are looked for.
    func address(without name: String) -> String {
        Self.address("/console", [("tab", tab.rawValue)] + chosen.filter { $0.0 != name })
    }

    /// Where the same cases come as files: what the tab adds is said there in full.
    var exportAddress: [String: Any] {
        [
            "csv": Self.address("/console/cases.csv", filter.query),
            "xlsx": Self.address("/console/cases.xlsx", filter.query),
        ]
    }

    private var chosen: [(String, String)] {
        var wanted = wanted
        if !hasOrder { wanted.order = .newest }
        return wanted.query.filter { $0.0 != "order" || hasOrder }
    }

    static func address(_ path: String, _ query: [(String, String)]) -> String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\($0.0)=\(escaped($0.1))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-_.~,")))
            ?? ""
    }
}

extension Pack {
    /// The unit that somebody handles for.
    func unit(of subject: String) -> UnitID? { people.first { $0.id.rawValue == subject }?.unitId }
}
