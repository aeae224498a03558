import Foundation
import ServiceKit

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
        let seconds = Int64(moment.timeIntervalSince(now).rounded(.up))
        return .seconds(min(max(seconds, 0), 366 * 86_400))
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment of `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that may still be sent.
    private static func moment(_ text: String) -> Date? {
        guard
            let parts = text.wholeMatch(
                of: /[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) GMT/),
            let month = months.firstIndex(of: String(parts.2))
        else { return nil }
        return RFC3339.date("\(parts.3)-\(month < 9 ? "0" : "")\(month + 1)-\(parts.1)T\(parts.4)Z")
    }
}
