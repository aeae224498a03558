import Contracts

/// The words of a template with an event's facts in them.
struct Wording: Equatable {
    let title: String
    let body: String

    init(_ template: PackTemplate, about event: NotifiableEvent, pack: Pack) {
        let facts = Facts(event, pack: pack)
        title = facts.fill(template.title)
        body = facts.fill(template.body)
    }
}

/// What a template's variables stand for.
private struct Facts {
    let caseNumber: String?
    let category: String?
    let reason: String?
    let points: String?
    let deadline: String?

    init(_ event: NotifiableEvent, pack: Pack) {
        switch event {
        case .aboutCase(let event):
            let reference = event.reference
            caseNumber = reference.caseNumber
            category = pack.categories.first { $0.code == reference.category }?.name ?? reference.category.rawValue
            points = nil
            switch event {
            case .changed(let change):
                reason = change.reason
                // Units that are called have until then to come.
                let due = change.deadline ?? (change.step == .whistled ? change.details?.until : nil)
                deadline = due?.localMinute(utcOffsetMinutes: pack.calendar.utcOffsetMinutes)
            case .transferred(let transfer):
                reason = transfer.reason
                deadline = nil
            case .reportAmended(let amendment):
                reason = amendment.text
                deadline = nil
            case .reclassified(let change):
                reason = change.reason
                deadline = nil
            case .opened, .reportJoined:
                reason = nil
                deadline = nil
            }
        case .aboutPoints(let event):
            caseNumber = event.caseNumber
            category = nil
            reason = event.explanation
            points = String(event.points)
            deadline = nil
        case .aboutNotice(let event):
            caseNumber = nil
            category = nil
            reason = event.reason
            points = String(event.taken ?? event.points)
            deadline = event.objectionUntil.localMinute(utcOffsetMinutes: pack.calendar.utcOffsetMinutes)
        }
    }

    /// Replaces each variable once, from left to right: what a value holds is never read as a variable again.
    ///
    /// Walks over bytes, so that no table of characters has a say in it.
    func fill(_ text: String) -> String {
        var filled: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
            filled += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: UInt8(ascii: "}")),
                let value = value(of: String(decoding: rest[(open + 1)..<close], as: UTF8.self))
            else {
                filled.append(UInt8(ascii: "{"))
                rest = rest.dropFirst()
                continue
            }
            filled += value.utf8
            rest = rest[(close + 1)...]
        }
        return String(decoding: filled + rest, as: UTF8.self)
    }

    /// Nil for a name that is no variable; a dash where the event does not say.
    private func value(of name: String) -> String? {
        switch name {
        case "caseNumber": caseNumber ?? "—"
        case "category": category ?? "—"
        case "reason": reason ?? "—"
        case "points": points ?? "—"
        case "deadline": deadline ?? "—"
        default: nil
        }
    }
}

extension Timestamp {
    /// The minute on the clock at an offset east of Greenwich, as `11-23 17:30`.
    func localMinute(utcOffsetMinutes: Int) -> String {
        let local = Array(adding(milliseconds: Int64(utcOffsetMinutes) * 60_000).description.utf8)
        // From the right: 2026-11-23T17:30:00.000Z
        let end = local.count - 8
        let minute = local[(end - 11)..<end].map { $0 == UInt8(ascii: "T") ? UInt8(ascii: " ") : $0 }
        return String(decoding: minute, as: UTF8.self)
    }
}
