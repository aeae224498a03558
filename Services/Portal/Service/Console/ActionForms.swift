import Contracts
import Foundation
import ServiceKit

/// What stands in the form of an action, beside the reason.
enum ActionField: String, CaseIterable, Sendable {
    case verdict, photos, owner, until, limit, units, ownUnit, party, community, category, otherCase, reports

    static func of(_ action: CaseAction) -> [ActionField] {
        switch action {
        case .dispatch: [.owner]
        case .check, .verify: [.verdict, .photos]
        case .decideExtension: [.verdict]
        case .handle, .makeSafe: [.photos]
        case .coHandle: [.ownUnit, .photos]
        case .checkIn: [.ownUnit]
        case .park: [.until]
        case .askReporter: [.until]
        case .askExtension: [.limit]
        case .addCoOwner: [.units, .limit]
        case .whistle: [.units, .until]
        case .handOver: [.party, .until]
        case .transfer: [.community]
        case .reclassify: [.category]
        case .merge, .keepApart, .adopt: [.otherCase]
        case .split: [.reports]
        case .file, .refuse, .return, .reopen, .accept, .resume, .reply, .cancel, .refer, .rate: []
        }
    }

    /// Whether the form cannot be sent without it.
    func isNeeded(by action: CaseAction) -> Bool {
        switch (self, action) {
        case (.owner, _), (.photos, _), (.limit, .addCoOwner), (.until, .askReporter), (.until, .handOver),
            (.otherCase, .adopt):
            false
        default: true
        }
    }
}

extension CaseAction {
    /// Whether it is what usually comes next, and so stands first and open.
    var isUsual: Bool {
        switch self {
        case .file, .dispatch, .accept, .handle, .verify, .check, .resume, .reply, .decideExtension, .checkIn,
            .coHandle, .makeSafe:
            true
        default: false
        }
    }
}

/// The forms of the actions that somebody may take.
struct ActionForms {
    let teller: ConsoleTeller
    let rights: CaseRights
    /// What was sent and refused, to be put right.
    let kept: FormFields?
    let trouble: String?
    let key: String
    let candidates: [CaseState]

    /// The usual ones, and the others.
    var content: [String: Any] {
        let all = rights.actions
        // A case that was dispatched before is dispatched anew: not what usually comes next.
        let usual = all.filter { $0.isUsual && !($0 == .dispatch && rights.state.stage == .dispatched) }
        let rest = all.filter { !usual.contains($0) }
        let refused = kept?["action"]
        return [
            "usual": usual.enumerated().map { form($1, isOpen: $0 == 0 && refused == nil || refused == $1.rawValue) },
            "others": rest.map { form($0, isOpen: refused == $0.rawValue) }, "hasOthers": !rest.isEmpty,
            "othersOpen": rest.contains { refused == $0.rawValue }, "hasActions": !all.isEmpty,
        ]
    }

    private func form(_ action: CaseAction, isOpen: Bool) -> [String: Any] {
        let fields = ActionField.of(action)
        let isRefused = kept?["action"] == action.rawValue
        var form: [String: Any] = [
            "action": action.rawValue, "label": teller.word("act.\(action.rawValue)"),
            "hint": teller.word("act-hint.\(action.rawValue)"), "isOpen": isOpen,
            "formKey": "\(key)-\(action.rawValue)", "hasFiles": fields.contains(.photos),
            "reasonNeeded": action.alwaysNeedsReason, "reasonWords": teller.word(reasonWords(action)),
            "typed": isRefused ? kept?["reason"] ?? "" : "", "actionTrouble": isRefused ? trouble ?? "" : "",
            "isDanger": [.refuse, .cancel, .transfer].contains(action),
        ]
        for field in fields {
            form["has-\(field.rawValue)"] = true
            form["needs-\(field.rawValue)"] = field.isNeeded(by: action)
        }
        let values = isRefused ? kept : nil
        if fields.contains(.verdict) {
            form["yes"] = teller.word("verdict.\(action.rawValue)-yes")
            form["no"] = teller.word("verdict.\(action.rawValue)-no")
            form["saidNo"] = values?["agrees"] == "no"
        }
        fill(&form, fields, action, values)
        return form
    }

    private func fill(
        _ form: inout [String: Any], _ fields: [ActionField], _ action: CaseAction, _ values: FormFields?
    ) {
        let state = rights.state
        let pack = teller.pack
        for field in fields {
            switch field {
            case .owner: form["ownerGroups"] = ownerGroups
            case .units:
                form["unitChoices"] = (pack?.units ?? []).filter { $0.id != state.ownerUnitId }.map {
                    ["value": $0.id.rawValue, "name": $0.name]
                }
                form["isOneUnit"] = action == .addCoOwner
            case .ownUnit:
                let units = action == .checkIn ? rights.unitsToCheckIn : rights.openParts
                form["ownUnits"] = ConsoleTeller.options(
                    units.map { ($0.rawValue, teller.unit($0)) }, chosen: units.first?.rawValue)
            case .until: form["untilValue"] = values?["until"] ?? ""
            case .limit: form["limits"] = limits
            case .party: form["partyValue"] = values?["party"] ?? ""
            case .community:
                form["targets"] = ConsoleTeller.options(
                    (pack?.communities ?? []).filter { $0.id != state.communityId }.map { ($0.id.rawValue, $0.name) },
                    chosen: values?["toCommunityId"])
            case .category:
                form["newCategories"] = ConsoleTeller.options(
                    (pack?.categories ?? []).filter { $0.kind == state.kind && $0.code != state.category }.map {
                        ($0.code.rawValue, teller.teller.category($0.code))
                    }, chosen: values?["category"])
            case .otherCase:
                let others = otherCases(for: action, chosen: values?["otherCaseId"])
                form["otherCases"] = others
                form["lacksOther"] = others.isEmpty && field.isNeeded(by: action)
            case .reports:
                form["reports"] = reports
                form["hasNone"] = reports.isEmpty
            case .verdict, .photos: break
            }
        }
    }

    private func reasonWords(_ action: CaseAction) -> String {
        switch action {
        case .handle, .coHandle: "field.done"
        case .askReporter: "field.question"
        case .reply: "field.answer"
        case .park: "field.plan"
        default: "field.reason"
        }
    }

    /// Units with their workers: the proposed one first.
    private var ownerGroups: [[String: Any]] {
        let pack = teller.pack
        let proposed = rights.state.ownerUnitId
        let units = (pack?.units ?? []).sorted { ($0.id == proposed ? 0 : 1) < ($1.id == proposed ? 0 : 1) }
        return units.map { unit in
            let workers = (pack?.people ?? []).filter { person in
                person.unitId == unit.id && person.roles.contains(Role.worker.rawValue)
                    && (person.communityIds.isEmpty || person.communityIds.contains(rights.state.communityId))
            }
            return [
                "unit": unit.id.rawValue, "unitLabel": unit.name,
                "workers": workers.map { ["value": "\(unit.id)|\($0.id)", "worker": $0.id.rawValue] },
            ]
        }
    }

    private var limits: [[String: Any]] {
        ["4w", "1d", "2d", "3d", "5d", "10d", "24e", "7n", "15n"].map { ["value": $0, "name": teller.limit($0)] }
    }

    private func otherCases(for action: CaseAction, chosen: String?) -> [[String: Any]] {
        let proposed = rights.state.course?.proposedSame ?? []
        let offered =
            action == .keepApart ? candidates.filter { c in proposed.contains { $0.caseId == c.caseId } } : candidates
        return offered.map { other in
            var row = teller.row(other)
            row["isChosen"] = other.caseId.rawValue == chosen
            row["match"] =
                proposed.first { $0.caseId == other.caseId }.map { proposal in
                    proposal.match.reasons.map { Bilingual.half($0, teller.visit.language) }.joined(separator: "，")
                } ?? ""
            return row
        }
    }

    /// Each report with when it came, and by whom, where the viewer may know.
    private var reports: [[String: Any]] {
        let known = rights.state.reportIds
        return rights.events.compactMap { event -> [String: Any]? in
            let (id, person): (ReportID, PersonID)
            switch event {
            case .opened(let opened): (id, person) = (opened.reportId, opened.reporterId)
            case .reportJoined(let joined): (id, person) = (joined.reportId, joined.reporterId)
            default: return nil
            }
            guard known.contains(id) else { return nil }
            return ["value": id.rawValue, "name": teller.viewer.reporter(person)?.rawValue ?? id.rawValue]
        }
    }
}
