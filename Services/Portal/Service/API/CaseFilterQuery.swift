import Contracts
import Hummingbird
import ServiceKit

extension CaseFilter {
    private static let longestText = 100

    /// Reads the filter from the query, and notes every parameter that is wrong.
    init(_ request: Request, _ viewer: Viewer, wrong errors: inout [ProblemDetails.FieldError]) {
        var query = FilterQuery(request)
        stages = query.list("stage")
        isOpen = query.flag("open")
        text = query.text("q")
        searchesHidden = viewer.isStaff
        if let text, SearchTerms(text) == nil || text.count > Self.longestText {
            query.errors.append(
                .init(field: "q", message: "must have a letter, digit or sign, and at most \(Self.longestText) of them")
            )
        }
        communityId = query.text("communityId")
        gridId = query.text("gridId")
        category = query.text("category")
        ownerUnitId = query.text("ownerUnitId")
        handlerId = query.text("handlerId").map { $0 == "me" ? viewer.subject : $0 }
        kind = query.one("kind")
        isOverdue = query.flag("overdue")
        dueBefore = query.moment("due")
        openedFrom = query.moment("from")
        openedBefore = query.moment("before")
        isFlagged = query.flag("flagged")
        asksForTime = query.flag("extension")
        order = query.one("order") ?? .newest
        if let reporter = query.text("reporter") {
            self.reporter = viewer.names
            if reporter != "me" { query.errors.append(.init(field: "reporter", message: "must be me")) }
        }
        errors += query.errors
    }

    /// Throws 403 where somebody asks for others' cases by person, or by what only staff sees.
    func checkRights(of viewer: Viewer) throws(ProblemDetails) {
        guard viewer.isStaff || handlerId == nil || handlerId == viewer.subject else {
            throw .forbidden("Only staff can ask for the cases of another person. Use handlerId=me.")
        }
        // A grid is smaller than the place that others see of a case.
        guard viewer.isStaff || gridId == nil else {
            throw .forbidden("Only staff can ask for the cases of a grid. Use communityId.")
        }
        guard viewer.isStaff || (isFlagged == nil && asksForTime == nil) else {
            throw .forbidden("Only staff can ask for flagged cases, and for those that want more time.")
        }
    }

    /// The parameters that say the same, for links that keep the filter.
    ///
    /// Of a person who asked for their own cases it says so by id, but for the reporter, who is always the viewer.
    var query: [(String, String)] {
        let flags = [("open", isOpen), ("overdue", isOverdue), ("flagged", isFlagged), ("extension", asksForTime)]
        let moments = [("due", dueBefore), ("from", openedFrom), ("before", openedBefore)]
        let texts = [
            ("stage", stages.isEmpty ? nil : stages.map(\.rawValue).joined(separator: ",")), ("q", text),
            ("communityId", communityId), ("gridId", gridId), ("category", category), ("ownerUnitId", ownerUnitId),
            ("handlerId", handlerId), ("kind", kind?.rawValue), ("reporter", reporter.isEmpty ? nil : "me"),
            ("order", order == .newest ? nil : order.rawValue),
        ]
        let all = texts + flags.map { ($0, $1.map(String.init)) } + moments.map { ($0, $1?.description) }
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}

/// Reads parameters of a query and notes what is wrong with them.
///
/// A form sends its empty fields, too: they ask for nothing.
struct FilterQuery {
    var errors: [ProblemDetails.FieldError] = []
    private let parameters: Parameters

    init(_ request: Request) {
        parameters = request.uri.queryParameters
    }

    func text(_ name: String) -> String? {
        guard let value = parameters[name[...]], !value.allSatisfy(\.isWhitespace) else { return nil }
        return String(value)
    }

    mutating func flag(_ name: String) -> Bool? {
        guard let text = text(name) else { return nil }
        let value = ["true": true, "false": false][text]
        if value == nil { errors.append(.init(field: name, message: "must be true or false")) }
        return value
    }

    /// Values that are divided by commas.
    mutating func list<Value: RawRepresentable & CaseIterable>(_ name: String, atMost most: Int = .max) -> [Value]
    where Value.RawValue == String {
        guard let text = text(name) else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Value(rawValue: String($0)) }
        if values.count < parts.count || parts.count > most {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            errors.append(.init(field: name, message: "must be \(most == 1 ? "one" : "some") of \(known)"))
        }
        return values
    }

    mutating func one<Value: RawRepresentable & CaseIterable>(_ name: String) -> Value?
    where Value.RawValue == String {
        let values: [Value] = list(name, atMost: 1)
        return values.first
    }

    mutating func moment(_ name: String) -> Timestamp? {
        guard let text = text(name) else { return nil }
        // Many forget that a + means a blank in an address.
        let moment = Timestamp(text) ?? Timestamp(text.replacing(" ", with: "+"))
        if moment == nil {
            errors.append(.init(field: name, message: "must be a moment like 2026-11-27T00:00:00+08:00"))
        }
        return moment
    }
}
