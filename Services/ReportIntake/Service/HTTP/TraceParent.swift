import Hummingbird
import ServiceKit

/// The W3C Trace Context of a request, to be carried on with what follows from it.
enum TraceParent {
    /// Nil where the header is missing or is none: a trace is worth no refusal.
    static func of(_ request: Request) -> String? { request.headers[.traceParent].flatMap(checked) }

    static func checked(_ text: String) -> String? {
        guard text.utf8.count == 55 else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 32, 16, 2], parts.allSatisfy({ $0.utf8.allSatisfy(isHexadecimal) })
        else { return nil }
        return text
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
