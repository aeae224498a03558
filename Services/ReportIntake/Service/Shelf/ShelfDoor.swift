import Contracts
import Foundation
import Hummingbird
import Logging
import ReportIntakeDomain
import ServiceKit

/// What the doors of all shelves do alike: who may come in, and what is answered.
struct ShelfDoor<Item: Shelved>: Sendable {
    /// Who may have a thing as it was sent.
    private static var verifiers: Set<Role> { [.verifier, .admin] }

    let shelf: Shelf<Item>
    let quotas: Quotas
    let now: @Sendable () -> Timestamp

    /// Takes the body of a request in.
    ///
    /// - Parameter senders: Who may send such a thing.
    /// - Returns: 201 with what `json` makes of it.
    func take(
        _ request: Request, _ context: AuthenticatedRequestContext, from senders: Set<Role> = ReportRoutes.reporters,
        _ json: (Item) -> JSONValue
    ) async throws -> Response {
        try context.principal.require(anyOf: senders)
        try quotas.check(.trimmings, by: Quotas.Payer(Sender(context.principal)))
        let kind = Item.kind
        let body = try await request.wholeBody(
            atMost: kind.largest,
            advice: "A \(kind.one) has at most \(kind.largest >> 20) MB: send a smaller one.")
        let sender = PersonID(context.principal.subject)
        let item = try await Shelf<Item>.orProblem {
            try await shelf.add(Array(body.readableBytesView), by: sender, at: now())
        }
        return Response(
            status: .created,
            headers: [
                .contentType: "application/json; charset=utf-8", .location: "\(kind.door)/\(item.id.rawValue)",
            ], body: .init(byteBuffer: ByteBuffer(bytes: json(item).bytes())))
    }

    /// Answers with what everybody may have of a thing.
    func show(_ part: String, type: String, _ context: AuthenticatedRequestContext) async throws -> Response {
        let id = try id(context)
        return try Self.response(try await Shelf<Item>.orProblem { try await shelf.part(part, of: id) }) { _ in type }
    }

    /// Answers verifiers with a thing as it was sent; each look is logged.
    func showOriginal(
        _ context: AuthenticatedRequestContext, type: ([UInt8]) -> String
    ) async throws -> Response {
        try context.principal.require(anyOf: Self.verifiers)
        let id = try id(context)
        let original = try await Shelf<Item>.orProblem { try await shelf.original(id) }
        context.logger.notice(
            "A \(Item.kind.one) was looked at as it was sent",
            metadata: ["original.id": "\(id)", "principal": "\(context.principal.subject)"])
        return try Self.response(original, type: type)
    }

    private func id(_ context: AuthenticatedRequestContext) throws(ProblemDetails) -> Identifier<Item.Named> {
        // Whatever the thing is, its id has the form of a photo's.
        guard let text = context.parameters.get("id"), let id = PhotoID.checked(text) else { throw Shelf<Item>.absent }
        return Identifier(id.rawValue)
    }

    static func response(_ bytes: Data?, type: ([UInt8]) -> String) throws(ProblemDetails) -> Response {
        guard let bytes else { throw Shelf<Item>.absent }
        return Response(
            status: .ok,
            headers: [
                // The name is the content's hash: it never becomes another.
                .contentType: type(Array(bytes)), .cacheControl: "private, max-age=31536000, immutable",
                .contentSecurityPolicy: "default-src 'none'", .xContentTypeOptions: "nosniff",
            ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
