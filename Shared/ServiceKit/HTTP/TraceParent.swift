package import Hummingbird

/// The W3C Trace Context of a request (Recommendation of 23 November 2021), to be carried on with what follows from it.
package enum TraceParent {
    /// That of the request which this task answers.
    @TaskLocal package static var current: String?

    /// Nil where the header is missing or is none: a trace is worth no refusal.
    package static func of(_ request: Request) -> String? { request.headers[.traceParent].flatMap(checked) }

    package static func checked(_ text: String) -> String? {
        guard text.utf8.count == 55 else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 32, 16, 2], parts.allSatisfy({ $0.utf8.allSatisfy(isHexadecimal) }),
            parts[0] != "ff", parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        return text
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}

/// Lets what a request leads to carry its trace on.
package struct TraceMiddleware<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await TraceParent.$current.withValue(TraceParent.of(request)) { try await next(request, context) }
    }
}
