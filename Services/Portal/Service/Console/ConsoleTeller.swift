import Contracts
import Foundation
import ServiceKit

/// Tells cases to staff: more than ``CaseTeller`` tells those who report, in other words.
struct ConsoleTeller {
    let frame: Frame
    let pack: Pack?
    let visit: Visit
    let now: Timestamp
    let viewer: Viewer

    init(_ routes: PageRoutes, _ visit: Visit, _ viewer: Viewer, pack: Pack?) {
        self.init(frame: routes.frame, pack: pack, visit: visit, now: routes.now(), viewer: viewer)
    }

    private init(frame: Frame, pack: Pack?, visit: Visit, now: Timestamp, viewer: Viewer) {
        self.frame = frame
        self.pack = pack
        self.visit = visit
        self.now = now
        self.viewer = viewer
    }

    var time: LocalTime { LocalTime(pack) }
    var teller: CaseTeller { CaseTeller(frame: frame, pack: pack, visit: visit, now: now) }

    func word(_ key: String) -> String { frame.words.text(key, visit.language) }

    func stage(_ stage: CaseStage) -> String {
        visit.language == .english ? stage.label.english : stage.label.chinese
    }

    func unit(_ id: UnitID?) -> String {
        guard let id else { return "" }
        return pack?.units.first { $0.id == id }?.name ?? id.rawValue
    }

    func community(_ id: CommunityID) -> String {
        pack?.communities.first { $0.id == id }?.name ?? word("console.nowhere")
    }

    /// What stands of a case in a list, and at the head of its page.
    func row(_ state: CaseState) -> [String: Any] {
        var row: [String: Any] = [
            "id": state.caseId.rawValue, "number": state.caseNumber, "stage": state.stage.rawValue,
            "stageName": stage(state.stage), "categoryName": teller.category(state.category),
            "communityName": community(state.communityId), "description": state.description,
            "address": state.address ?? "", "isRequest": state.kind == .request, "unitName": unit(state.ownerUnitId),
            "handler": viewer.colleague(state.handlerId)?.rawValue ?? "",
            "openedAt": time.short(state.openedAt, now: now),
            "openedISO": state.openedAt.description, "flagged": state.flagged ?? "", "isOpen": state.stage.isOpen,
            "others": state.reporterIds.count - 1, "hasOthers": state.reporterIds.count > 1,
            "thumbnail": state.photos?.first.map { "/v1/photos/\($0)?form=thumbnail" } ?? "",
            "isReworked": state.reworks > 0, "reworks": state.reworks,
        ]
        if let due = DueClock(state) {
            row["due"] = due.said(at: now, frame.words, visit.language)
            row["dueTone"] = due.tone(at: now).rawValue
            row["dueKind"] = word("due.\(due.kind.rawValue)")
            row["dueAt"] = time.short(due.at, now: now)
            row["dueISO"] = due.at.description
        }
        if let asked = state.course?.extensionAsked {
            row["asked"] = frame.words.text("console.asks-for", visit.language, ["limit": limit(asked)])
        }
        return row
    }

    /// More time in words: `2d` is 2 working days.
    func limit(_ text: String) -> String {
        guard let unit = text.last else { return text }
        return frame.words.text("limit.\(unit)", visit.language, ["count": String(text.dropLast())])
    }

    /// Options of a list, the chosen one marked.
    static func options(_ all: [(value: String, name: String)], chosen: String?) -> [[String: Any]] {
        all.map { ["value": $0.value, "name": $0.name, "isChosen": $0.value == chosen] }
    }
}
