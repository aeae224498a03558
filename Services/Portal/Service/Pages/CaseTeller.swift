import Contracts
import Foundation
import ServiceKit

/// Tells a case in the words of people.
struct CaseTeller {
    let frame: Frame
    let pack: Pack?
    let visit: Visit
    let now: Timestamp
    /// Whether who reads is staff, and so not the one who is asked or thanked.
    var isForStaff = false

    private var time: LocalTime { LocalTime(pack) }

    func card(_ state: CaseState, for viewer: Viewer) -> [String: Any] {
        let isFirst = viewer.isFirstReporter(of: state)
        let seesWords = isFirst || state.kind == .snapshot
        var card: [String: Any] = [
            "id": state.caseId.rawValue, "number": state.caseNumber, "stage": state.stage.rawValue,
            "stageName": word("stage.\(state.stage.rawValue)"), "categoryName": category(state.category),
            "communityName": pack?.communities.first { $0.id == state.communityId }?.name ?? "",
            "openedAt": time.short(state.openedAt, now: now), "openedISO": state.openedAt.description,
            "description": seesWords ? state.description : "", "isOpen": state.stage.isOpen,
            "isOverdue": state.isOverdue && state.stage.isOpen, "isRequest": state.kind == .request,
            "others": state.reporterIds.count - 1, "hasOthers": state.reporterIds.count > 1, "thumbnail": "",
            "deadline": "",
        ]
        if isFirst, let photo = state.photos?.first { card["thumbnail"] = "/v1/photos/\(photo)?form=thumbnail" }
        if isFirst, let address = state.address { card["address"] = address }
        if let deadline = state.deadline, state.stage.isOpen { card["deadline"] = time.short(deadline, now: now) }
        if let unit = pack?.units.first(where: { $0.id == state.ownerUnitId }) { card["unitName"] = unit.name }
        return card
    }

    /// Newest first: what people ask is how it stands now.
    func steps(_ events: [Envelope<CaseEvent>], _ viewer: Viewer) -> [[String: Any]] {
        events.reversed().map { event in
            let view = StepView(event, for: viewer)
            return [
                "said": said(view), "stepTime": time.short(event.time, now: now), "stepISO": event.time.description,
                "tone": StepWords.tone(view.type), "reason": view.reason ?? view.text ?? "",
                "stepPhotos": photos((view.photos ?? []) + (view.details?.photos ?? []).map(\.id)),
            ]
        }
    }

    private func said(_ view: StepView) -> String {
        let unit = pack?.units.first { $0.id == view.ownerUnitId }?.name ?? word("step-part.unit")
        let key = view.agrees == false ? "step.\(view.type).no" : "step.\(view.type)"
        let staffKey = "staff-\(key)"
        let staffText = isForStaff ? word(staffKey) : staffKey
        let text = staffText != staffKey ? staffText : word(key) == key ? word("step.\(view.type)") : word(key)
        return text.replacing("{unit}", with: unit)
            .replacing("{deadline}", with: view.deadline.map { time.short($0, now: now) } ?? "—")
            .replacing("{category}", with: category(view.category))
    }

    func photos(_ ids: [PhotoID]) -> [[String: Any]] {
        ids.map { ["photo": "/v1/photos/\($0)", "small": "/v1/photos/\($0)?form=thumbnail"] }
    }

    func category(_ code: CategoryCode) -> String {
        guard let category = pack?.categories.first(where: { $0.code == code }).map(ReferenceNames.Category.init) else {
            return code.rawValue
        }
        return visit.language == .english ? category.englishName : category.shortName
    }

    private func word(_ key: String) -> String { frame.words.text(key, visit.language) }
}
