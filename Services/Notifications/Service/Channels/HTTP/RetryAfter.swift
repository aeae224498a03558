import Foundation

/// Reads `Retry-After`: seconds, or a moment (RFC 9110 sections 10.2.3 and 5.6.7).
enum RetryAfter {
    /// How long to wait from now; nil for what cannot be read, zero for a moment that is over.
    static func duration(_ text: String, now: Date) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // Nobody means more than a year, and nothing must overflow.
            return .seconds(min(Int64(text) ?? .max, 366 * 86_400))
        }
        guard let moment = moment(text) else { return nil }
        let seconds = Int64(moment) - Int64(now.timeIntervalSince1970.rounded(.down))
        return .seconds(min(max(seconds, 0), 366 * 86_400))
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that may still be sent.
    private static func moment(_ text: String) -> time_t? {
        var parts = tm()
        guard let rest = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &parts), rest.pointee == 0 else { return nil }
        return timegm(&parts)
    }
}
