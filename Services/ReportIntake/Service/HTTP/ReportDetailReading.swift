import Contracts
import Geography
import ReportIntakeDomain
import ServiceKit

extension FieldReader {
    /// Ids of things that were sent before the report that names them.
    func ids<ID: Hashable>(
        _ name: String, atMost most: Int, from door: String, _ read: (String) -> ID?
    ) -> [ID] {
        let texts = strings(name, count: 0...most, length: 1...64)
        let ids = texts.compactMap(read)
        if ids.count < texts.count { note(name, "must be ids that POST \(door) gave") }
        if Set(ids).count < ids.count { note(name, "must not name one twice") }
        return ids
    }

    var photoIds: [PhotoID] {
        ids("photos", atMost: PhotoID.mostOfReport, from: "/v1/photos", PhotoID.checked)
    }
}

extension ReportAnswer {
    /// The most questions that are answered, and values of one answer: far more than a pack asks.
    private static let most = 50

    /// `"answers": {"code": "value", "other": ["value", "value"]}`, in the order of the codes.
    ///
    /// Whether the pack asks so is not looked at here.
    static func read(_ fields: FieldReader) -> [ReportAnswer] {
        guard let given = fields.any("answers") else { return [] }
        guard case .object(let members) = given, members.count <= most else {
            fields.note("answers", "must be an object with at most \(most) members, one for each question")
            return []
        }
        return members.sorted { $0.key < $1.key }.compactMap { code, value in
            guard let values = texts(in: value) else {
                fields.note("answers.\(code)", "must be a text, or an array of texts where several may be chosen")
                return nil
            }
            return ReportAnswer(code: code, values: values)
        }
    }

    private static func texts(in value: JSONValue) -> [String]? {
        switch value {
        case .string(let text): return [text]
        case .array(let values) where (1...most).contains(values.count):
            let texts = values.compactMap(\.string)
            return texts.count == values.count ? texts : nil
        default: return nil
        }
    }
}

extension Capture {
    /// `{"nonce", "capturedAt", "location": {"latitude", "longitude", "datum"}, "accuracy", "speed"}`, each of which may be
    /// left out.
    init(_ fields: FieldReader) {
        let capturedAt = fields.optional("capturedAt") { value throws(WrongField) in
            guard let moment = value.string.flatMap({ Timestamp($0) }) else {
                throw WrongField("must be a moment such as 2026-03-01T08:30:00+08:00")
            }
            return moment
        }
        let place = fields.optionalObject("location", GivenPlace.init) ?? nil
        // A device may be a fraction of a metre sure, and may say that it knows nothing.
        let accuracy = fields.optionalNumber("accuracy", in: 0...100_000_000).map { Int($0.rounded(.up)) }
        let speed = fields.optionalNumber("speed", in: 0...10_000).map { Int(($0 * 100).rounded(.down)) }
        self.init(
            nonce: fields.optionalString("nonce", length: 1...200), capturedAt: capturedAt, place: place?.location,
            accuracy: accuracy, speed: speed)
    }
}
