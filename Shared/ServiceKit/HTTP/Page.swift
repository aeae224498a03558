import Foundation
package import Hummingbird

/// One page of a list, with the place where the next one begins.
package struct Page<Item: Encodable & Sendable>: ResponseEncodable, Sendable {
    package let items: [Item]
    /// Opaque; nil on the last page.
    package let nextCursor: String?

    package init(items: [Item], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// Makes a page from up to `limit + 1` items: the one too many only shows that there is more.
    package init<Place: Codable>(
        fetched: [Item], limit: Int, cursor: (Item) -> Place
    ) throws {
        items = Array(fetched.prefix(limit))
        nextCursor = fetched.count > limit ? try items.last.map { try Cursor.text(cursor($0)) } : nil
    }

    /// Also tells the next page as a header: `Link` with `rel="next"` (RFC 8288).
    package func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try context.responseEncoder.encode(self, from: request, context: context)
        response.headers[.link] = nextLink(for: request)
        return response
    }

    /// The address of the next page for who asked for this one.
    package func nextLink(for request: Request) -> String? {
        guard let nextCursor else { return nil }
        let kept = (request.uri.query ?? "").split(separator: "&").filter { $0 != "cursor" && !$0.hasPrefix("cursor=") }
        let query = (kept.map(String.init) + ["cursor=\(nextCursor)"]).joined(separator: "&")
        return "<\(request.uri.path)?\(query)>; rel=\"next\""
    }

    private enum CodingKeys: String, CodingKey {
        case items
        case nextCursor
    }

    /// Always writes both members, so that `nextCursor: null` says that this is the end.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}

/// A place in a list as opaque text.
package enum Cursor {
    package static func text(_ place: some Encodable) throws -> String {
        Base64URL.text(try ServiceJSON.bytes(place))
    }

    /// Nil when the text was not made by ``text(_:)`` for such a place.
    package static func place<Place: Decodable>(_ text: String, as type: Place.Type = Place.self) -> Place? {
        guard text.utf8.count <= 1_024, let bytes = Base64URL.bytes(text) else { return nil }
        do {
            return try JSONDecoder().decode(Place.self, from: Data(bytes))
        } catch {
            return nil
        }
    }
}

/// Which page is asked for: `limit` 1 to 200, 50 when not given, and `cursor`.
package struct PageRequest<Place: Codable & Sendable>: Sendable {
    package let limit: Int
    /// Nil asks for the first page.
    package let after: Place?

    /// - Parameter wrong: what else of the query is wrong, so that one answer names it all.
    /// - Throws: ``ProblemDetails`` 400 that names every wrong parameter.
    package init(_ request: Request, besides wrong: [ProblemDetails.FieldError] = []) throws(ProblemDetails) {
        var errors = wrong
        let parameters = request.uri.queryParameters
        limit = parameters["limit"].map { Int($0) ?? 0 } ?? 50
        after = parameters["cursor"].flatMap { Cursor.place(String($0)) }
        if !(1...200).contains(limit) { errors.append(.init(field: "limit", message: "must be from 1 to 200")) }
        if parameters["cursor"] != nil, after == nil {
            errors.append(.init(field: "cursor", message: "must be the nextCursor of an earlier answer"))
        }
        guard errors.isEmpty else { throw .badRequest(errors: errors) }
    }
}
