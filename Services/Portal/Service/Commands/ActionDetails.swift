import Contracts
import ServiceKit

extension FieldReader {
    /// What an action needs beside its reason: flat fields of the body, each checked by itself.
    func details() -> StepDetails? {
        let details = StepDetails {
            $0.photos = photos()
            $0.until = moment("until")
            $0.limit = limit()
            $0.unitIds = names("unitIds").map { $0.map { UnitID($0) } }
            $0.party = optionalString("party", length: 1...200)
            $0.satisfied = optionalBool("satisfied")
            $0.solved = optionalBool("solved")
            $0.otherCaseId = optionalString("otherCaseId", length: 1...100).map { CaseID($0) }
            $0.reportIds = names("reportIds").map { $0.map { ReportID($0) } }
        }
        return details == StepDetails() ? nil : details
    }

    /// As intake answered when they were sent there.
    func photos() -> [ReportPhoto]? {
        let photos = objects("photos", count: 0...6) { photo in
            ReportPhoto(
                id: PhotoID(photo.hexadecimal("id", digits: 64)), look: photo.hexadecimal("look", digits: 16))
        }
        return photos.isEmpty ? nil : photos
    }

    private func hexadecimal(_ name: String, digits: Int) -> String {
        value(name, standIn: "") { value throws(WrongField) in
            guard let text = value.string, text.utf8.count == digits,
                text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
            else { throw WrongField("must be \(digits) hexadecimal digits in lower case") }
            return text
        }
    }

    private func moment(_ name: String) -> Timestamp? {
        optional(name) { value throws(WrongField) in
            guard let milliseconds = value.string.flatMap(RFC3339.milliseconds) else {
                throw WrongField("must be a moment such as 2026-03-01T08:30:00+08:00")
            }
            return Timestamp(milliseconds: milliseconds)
        }
    }

    /// Its shape only: how much may be asked for, the case's owner knows.
    private func limit() -> String? {
        optional("limit") { value throws(WrongField) in
            guard let text = value.string, text.utf8.count <= 10, let unit = text.last, "wedn".contains(unit),
                text.utf8.dropLast().allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
            else {
                throw WrongField(
                    "must be more time such as 2d: w working hours, e clock hours, d working days or n natural days")
            }
            return text
        }
    }

    private func names(_ field: String) -> [String]? {
        let names = strings(field, count: 0...50, length: 1...100)
        return names.isEmpty ? nil : names
    }
}

/// A field of the details, where it belongs and where it must not be missing.
private struct DetailRule: Sendable {
    let field: String
    let belongsTo: [CaseAction]
    var isNeededBy: [CaseAction] = []
    let isSaid: @Sendable (StepDetails) -> Bool

    static let all = [
        DetailRule(field: "photos", belongsTo: [.check, .handle, .verify, .coHandle]) { $0.photos != nil },
        DetailRule(
            field: "until", belongsTo: [.park, .askReporter, .handOver, .whistle], isNeededBy: [.park, .whistle]
        ) { $0.until != nil },
        DetailRule(field: "limit", belongsTo: [.askExtension, .addCoOwner], isNeededBy: [.askExtension]) {
            $0.limit != nil
        },
        DetailRule(
            field: "unitIds", belongsTo: [.whistle, .checkIn, .addCoOwner, .coHandle],
            isNeededBy: [.whistle, .checkIn, .addCoOwner, .coHandle]
        ) { $0.unitIds != nil },
        DetailRule(field: "party", belongsTo: [.handOver], isNeededBy: [.handOver]) { $0.party != nil },
        DetailRule(field: "satisfied", belongsTo: [.rate]) { $0.satisfied != nil },
        DetailRule(field: "solved", belongsTo: [.rate]) { $0.solved != nil },
        DetailRule(
            field: "otherCaseId", belongsTo: [.merge, .split, .keepApart, .adopt],
            isNeededBy: [.merge, .keepApart]
        ) { $0.otherCaseId != nil },
        DetailRule(field: "reportIds", belongsTo: [.split], isNeededBy: [.split]) { $0.reportIds != nil },
    ]
}

extension CaseAction {
    /// Notes which of the details are missing for this action.
    func noteMissing(_ details: StepDetails?, in fields: FieldReader) {
        let said = details ?? StepDetails()
        for rule in DetailRule.all where rule.isNeededBy.contains(self) && !rule.isSaid(said) {
            fields.note(rule.field, "is missing: \(rawValue) needs it")
        }
        if self == .rate, said.satisfied == nil, said.solved == nil {
            fields.note("solved", "is missing: rate needs satisfied or solved, true or false")
        }
    }

    /// Notes which of the details belong to other actions.
    func noteForeign(_ details: StepDetails?, in fields: FieldReader) {
        guard let details else { return }
        for rule in DetailRule.all where !rule.belongsTo.contains(self) && rule.isSaid(details) {
            let others = rule.belongsTo.map(\.rawValue).joined(separator: ", ")
            fields.note(rule.field, "belongs to \(others) only")
        }
    }
}
