import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// The door for forms that are opened.
///
/// `POST /v1/captures` gives a nonce, to be sent with the report; nothing is stored.
struct CaptureRoutes: Sendable {
    let nonces: CaptureNonces
    let quotas: Quotas
    let now: @Sendable () -> Timestamp

    func add(to router: Router<ServiceRequestContext>) {
        router.group("v1/captures", context: AuthenticatedRequestContext.self)
            .post { _, context in try open(context) }
    }

    private func open(_ context: AuthenticatedRequestContext) throws -> Response {
        try context.principal.require(anyOf: ReportRoutes.reporters)
        try quotas.check(.trimmings, by: Quotas.Payer(Sender(context.principal)))
        let moment = now()
        let answer: JSONValue = [
            "nonce": .string(nonces.issue(to: PersonID(context.principal.subject), at: moment)),
            "openedAt": .string(moment.description),
            "goodUntil": .string(moment.adding(milliseconds: CaptureLimits.openFor).description),
        ]
        return Response(
            status: .created,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: answer.bytes())))
    }
}

extension CaptureProof {
    /// As those see it who may look the report up.
    var json: JSONValue {
        var members: [String: JSONValue] = ["signals": .array(signals.map { .string($0) })]
        members["openedAt"] = openedAt.map { .string($0.description) }
        members["capturedAt"] = capturedAt.map { .string($0.description) }
        members["distance"] = distance.map { .integer(Int64($0)) }
        members["accuracy"] = accuracy.map { .integer(Int64($0)) }
        return .object(members)
    }
}
