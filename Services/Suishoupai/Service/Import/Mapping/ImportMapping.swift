import Contracts
import Foundation

/// How the rows of a file become reports.
struct ImportMapping: Sendable {
    var delimiter: Character = ","
    /// Texts that templates may name like columns.
    var values: [String: RowText] = [:]
    /// What tells a row from all others for ever: sent again under the same id, it is the same report.
    let id: RowText
    let description: RowText
    let latitude: RowText
    let longitude: RowText
    var datum: RowText = .template([.words("wgs84")])
    var kind: RowText = .template([.words("snapshot")])
    var category: RowText?
    var observedAt: MomentReading?
    var address: RowText?
    var reporterId: RowText?

    /// The columns that a file lacks.
    func missingColumns(in header: [String]) -> [String] {
        let texts =
            [id, description, latitude, longitude, datum, kind]
            + [category, observedAt?.text, address, reporterId].compactMap(\.self)
        var needed = Set(texts.flatMap(\.needs)).subtracting(values.keys)
        for (name, text) in values {
            needed.formUnion(text.needs.filter { $0 == name || values[$0] == nil })
        }
        return needed.subtracting(header).sorted()
    }

    /// The report of a row, as intake reads it, or everything that stands in its way.
    func report(of row: RowView) -> MappedReport {
        var draft = Draft(row)
        let key = draft.required("id", id)
        let description = draft.required("description", description)
        let latitude = draft.degrees("latitude", latitude)
        let longitude = draft.degrees("longitude", longitude)
        let datum = draft.text("datum", datum)
        let kind = draft.text("kind", kind)
        let category = draft.text("category", category)
        let address = draft.text("address", address)
        let reporter = draft.text("reporterId", reporterId)
        let observedAt = draft.moment("observedAt", observedAt)
        guard draft.faults.isEmpty, let key, let description, let latitude, let longitude else {
            return .unfit(draft.faults)
        }
        return .report(
            ReportLine(
                idempotencyKey: Self.visible(key), kind: kind, category: category, description: description,
                location: .init(latitude: latitude, longitude: longitude, datum: datum), address: address,
                observedAt: observedAt?.description, reporterId: reporter))
    }

    /// A key is visible ASCII: all else, and the percent sign, is written as its bytes.
    static func visible(_ key: String) -> String {
        var text = ""
        for byte in key.utf8 {
            if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
                text.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}

/// What a row comes to.
enum MappedReport: Equatable, Sendable {
    case report(ReportLine)
    case unfit([String])
}

/// A line for intake's stream.
struct ReportLine: Encodable, Equatable, Sendable {
    struct Location: Encodable, Equatable, Sendable {
        let latitude: Double
        let longitude: Double
        let datum: String?
    }

    let idempotencyKey: String
    let kind: String?
    let category: String?
    let description: String
    let location: Location
    let address: String?
    let observedAt: String?
    let reporterId: String?

    /// The JSON object with its line break.
    func bytes() throws -> Data {
        var bytes = try ContractCoding.encode(self)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

/// The fields of a row, and all that is wrong with them.
private struct Draft {
    let row: RowView
    var faults: [String] = []

    init(_ row: RowView) {
        self.row = row
    }

    /// Nil where the row says nothing.
    mutating func text(_ field: String, _ text: RowText?) -> String? {
        guard let text else { return nil }
        do {
            let found = try row.text(text)
            return found.isEmpty ? nil : found
        } catch {
            faults.append("\(field): \(error.reason)")
            return nil
        }
    }

    mutating func required(_ field: String, _ text: RowText) -> String? {
        let before = faults.count
        guard let found = self.text(field, text) else {
            if faults.count == before { faults.append("\(field): is empty") }
            return nil
        }
        return found
    }

    mutating func degrees(_ field: String, _ text: RowText) -> Double? {
        guard let found = required(field, text) else { return nil }
        guard let degrees = Double(found), degrees.isFinite else {
            faults.append("\(field): '\(found)' is no number of degrees")
            return nil
        }
        return degrees
    }

    mutating func moment(_ field: String, _ reading: MomentReading?) -> Timestamp? {
        guard let reading else { return nil }
        do {
            return try reading.moment(in: row)
        } catch {
            faults.append("\(field): \(error.reason)")
            return nil
        }
    }
}
