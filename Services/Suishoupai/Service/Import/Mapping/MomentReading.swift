import Contracts
import Foundation

/// How a file writes its moments.
struct MomentReading: Sendable {
    let text: RowText
    private let style: Style

    private enum Style: Sendable {
        /// RFC 3339, with its own offset.
        case rfc3339
        case secondsSince1970
        case pattern(DateFormatter)
    }

    /// - Parameters:
    ///   - format: `rfc3339`, `unix`, or a pattern such as `yyyy-MM-dd HH:mm:ss`.
    ///   - utcOffsetMinutes: how far the file's clocks are ahead of UTC; only patterns need it.
    init(_ text: RowText, format: String, utcOffsetMinutes: Int) {
        self.text = text
        switch format {
        case "rfc3339": style = .rfc3339
        case "unix": style = .secondsSince1970
        default:
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.calendar = Calendar(identifier: .gregorian)
            formatter.timeZone = TimeZone(secondsFromGMT: utcOffsetMinutes * 60)
            formatter.isLenient = false
            formatter.dateFormat = format
            style = .pattern(formatter)
        }
    }

    /// Reads what a row says; nil where it says nothing.
    func moment(in row: RowView) throws(RowFault) -> Timestamp? {
        let found = try row.text(text)
        guard !found.isEmpty else { return nil }
        let moment: Timestamp? =
            switch style {
            case .rfc3339: Timestamp(found)
            case .secondsSince1970: Double(found).flatMap(Self.timestamp(secondsSince1970:))
            case .pattern(let formatter):
                formatter.date(from: found).flatMap { Self.timestamp(secondsSince1970: $0.timeIntervalSince1970) }
            }
        guard let moment else { throw RowFault("'\(found)' is not written in the format of the mapping") }
        return moment
    }

    /// Nil for what is no moment, such as infinity or the age of the universe.
    private static func timestamp(secondsSince1970 seconds: Double) -> Timestamp? {
        guard seconds.magnitude < 1e11 else { return nil }
        return Timestamp(milliseconds: Int64((seconds * 1_000).rounded()))
    }
}
