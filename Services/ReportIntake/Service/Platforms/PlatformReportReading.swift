import Contracts
import ReportIntakeDomain
import ServiceKit

/// What a record of `platform-reports.v1` says: a CloudEvents object of the platform's own, around a report.
struct PlatformReportReading {
    /// The report with what it is stored by, or every field that is wrong.
    enum Content {
        case form(ReportForm, key: IdempotencyKey?, json: JSONValue)
        case wrong([ProblemDetails.FieldError])
    }

    /// The platform's own id of the report; nil where it gave none.
    let externalId: String?
    let traceParent: String?
    let content: Content

    /// - Parameter platform: whose key signed the record.
    init(_ json: JSONValue, from platform: PersonID, guidance: Guidance) {
        let fields = FieldReader(json, strict: false)
        let id = Self.id(in: fields)
        Self.check(fields, of: platform)
        let data = fields.value("data", standIn: JSONValue.null) { value throws(WrongField) in
            guard value.object != nil else { throw WrongField("must be an object: the report") }
            return value
        }
        let report = Self.report(data, under: id)
        externalId = report["externalId"]?.string.flatMap(Self.checkedID) ?? id
        traceParent = json["traceparent"]?.string.flatMap(TraceParent.checked)
        content = Self.content(report, from: platform, guidance: guidance, errors: fields.errors)
    }

    private static func id(in fields: FieldReader) -> String? {
        fields.value("id", standIn: nil) { value throws(WrongField) in
            guard let id = value.string.flatMap(checkedID) else {
                throw WrongField("must be 1 to 200 visible ASCII characters: your own id of the report")
            }
            return id
        }
    }

    private static func checkedID(_ text: String) -> String? {
        do throws(FormFault) { return try ExternalID(text).text } catch { return nil }
    }

    private static func check(_ fields: FieldReader, of platform: PersonID) {
        let expected = [
            ("specversion", "1.0"), ("type", PlatformReport.type), ("source", "/platforms/\(platform)"),
        ]
        for (name, text) in expected {
            fields.value(name, standIn: ()) { value throws(WrongField) in
                guard value.string == text else { throw WrongField("must be '\(text)'") }
            }
        }
    }

    /// The report under the envelope's id where it has none of its own, as a line of the stream would have it.
    private static func report(_ data: JSONValue, under id: String?) -> JSONValue {
        guard var members = data.object else { return data }
        if members["externalId"] ?? .null == .null { members["externalId"] = id.map { .string($0) } }
        return .object(members)
    }

    private static func content(
        _ report: JSONValue, from platform: PersonID, guidance: Guidance, errors: [ProblemDetails.FieldError]
    ) -> Content {
        guard report.object != nil else { return .wrong(errors) }
        let sender = Sender(id: platform, maySpeakForOthers: true)
        switch ReportReading(report, from: sender, hasKey: true, guidance: guidance) {
        case .wrong(let more): return .wrong(errors + more)
        case .form(let form, let key): return errors.isEmpty ? .form(form, key: key, json: report) : .wrong(errors)
        }
    }
}
