import Contracts
import Foundation
import ServiceKit

extension FormFields {
    /// The action that a form of the console asks for, as ``ActionRequest`` reads it.
    ///
    /// - Parameters:
    ///   - photos: As intake answered for the files of the form.
    ///   - time: Whose clock the form's moments are read by.
    /// - Throws: ``ProblemDetails`` 400 where it is no form of ours.
    func actionBody(photos: [JSONValue], time: LocalTime) throws -> JSONValue {
        guard let action = self["action"].flatMap(CaseAction.init(rawValue:)) else {
            throw ProblemDetails.badRequest("Send the form of the page.")
        }
        var members: [String: JSONValue] = ["action": .string(action.rawValue)]
        if let reason = self["reason"] { members["reason"] = .string(reason) }
        for field in ActionField.of(action) { read(field, for: action, photos, time, into: &members) }
        return .object(members)
    }

    private func read(
        _ field: ActionField, for action: CaseAction, _ photos: [JSONValue], _ time: LocalTime,
        into members: inout [String: JSONValue]
    ) {
        func take(_ name: String, as member: String? = nil) {
            if let text = self[name] { members[member ?? name] = .string(text) }
        }
        switch field {
        case .verdict: if let said = self["agrees"] { members["agrees"] = .bool(said == "yes") }
        case .photos: if !photos.isEmpty { members["photos"] = .array(photos) }
        case .owner:
            let halves = (self["owner"] ?? "").split(separator: "|").map(String.init)
            if let unit = halves.first { members["unitId"] = .string(unit) }
            if halves.count > 1 { members["handlerId"] = .string(halves[1]) }
        case .until:
            if let said = self["until"] { members["until"] = .string(time.moment(said)?.description ?? said) }
        case .limit: take("limit")
        case .units, .ownUnit:
            let units = all("unitIds")
            if !units.isEmpty { members["unitIds"] = .array(units.map { .string($0) }) }
        case .party: take("party")
        case .community: take("toCommunityId")
        case .category: take("category")
        case .otherCase: take("otherCaseId")
        case .reports:
            let reports = all("reportIds")
            if !reports.isEmpty { members["reportIds"] = .array(reports.map { .string($0) }) }
        }
    }
}

extension LocalTime {
    /// What a field for a moment sends, `2026-11-27T09:30`, by the clock of the place; nil where it is none.
    func moment(_ text: String) -> Timestamp? {
        let whole = text.utf8.count == 16 ? text + ":00" : text
        return RFC3339.milliseconds(whole + "Z").map {
            Timestamp(milliseconds: $0 - Int64(offsetMinutes) * 60_000)
        }
    }
}
