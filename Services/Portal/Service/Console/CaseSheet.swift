import Contracts
import Foundation
import ServiceKit

/// What is known of a case, for its page: facts, people, photos, and what happened.
struct CaseSheet {
    let teller: ConsoleTeller
    let state: CaseState
    let events: [Envelope<CaseEvent>]

    private var language: Language { teller.visit.language }

    var content: [String: Any] {
        let course = state.course
        return [
            "facts": facts, "flags": Bilingual.halves(state.flagged ?? "", language).map { ["said": $0] },
            "before": teller.teller.photos(state.photos ?? []),
            "after": teller.teller.photos(course?.workPhotos ?? []),
            "hasPhotos": !(state.photos ?? []).isEmpty || !(course?.workPhotos ?? []).isEmpty,
            "voiceNotes": voiceNotes, "hasVoiceNotes": !voiceNotes.isEmpty,
            "reporters": reporters, "knowsReporters": teller.viewer.knowsReporters,
            "reporterCount": state.reporterIds.count, "trace": trace.map { ["said": $0] }, "hasTrace": !trace.isEmpty,
            "steps": steps, "ratings": ratings, "hasRatings": course?.ratings?.isEmpty == false,
            "question": course?.question ?? "", "latitude": String(state.location.latitude),
            "longitude": String(state.location.longitude), "picture": PlaceMap(state, teller.pack)?.svg.text ?? "",
        ]
    }

    /// Label and words, only what there is.
    private var facts: [[String: Any]] {
        let course = state.course
        let units = (course?.coOwners ?? []).map { part -> String in
            let end =
                part.handledAt.map { "✓ \(time($0))" } ?? part.deadline.map { "\(word("console.until")) \(time($0))" }
                ?? ""
            return "\(teller.unit(part.unitId)) \(end)"
        }
        let whistle = course?.whistle.map { whistle in
            let called = whistle.called.map { unit in
                teller.unit(unit) + (whistle.present.contains(unit) ? " ✓" : whistle.ended ? " ✗" : "")
            }
            return "\(called.joined(separator: "、")) · \(word("console.until")) \(time(whistle.until))"
        }
        let party = course?.party.map { name in
            name + (course?.partyUntil.map { " · \(word("console.until")) \(time($0))" } ?? "")
        }
        let all: [(String, String?, String?)] = [
            ("console.reported", time(state.submittedAt), nil), ("console.grid", grid, nil),
            ("console.accepted", course?.acceptedAt.map(time), nil),
            ("console.safe", course?.madeSafeAt.map(time), nil),
            ("console.kept-by", course?.keptBy.map { teller.unit($0) }, nil),
            ("console.level", course?.level.map { String($0) }, nil),
            ("console.asked", course?.extensionAsked.map(teller.limit), nil), ("console.party", party, nil),
            ("console.co-owners", units.isEmpty ? nil : units.joined(separator: "；"), nil),
            ("console.whistle", whistle, nil), ("console.closed", state.closedAt.map(time), nil),
            ("console.returns", state.returns > 0 ? String(state.returns) : nil, nil),
            ("console.rework", state.reworks > 0 ? String(state.reworks) : nil, nil),
            ("console.reopens", state.reopens > 0 ? String(state.reopens) : nil, nil),
            ("console.parent", course?.parentId.map { _ in word("console.open") }, course?.parentId?.rawValue),
            ("console.merged-into", course?.mergedInto.map { _ in word("console.open") }, course?.mergedInto?.rawValue),
            (
                "console.recurrence", course?.recurrenceOf.map { _ in word("console.open") },
                course?.recurrenceOf?.rawValue
            ),
        ]
        return all.compactMap { label, said, other in
            said.map { ["label": word(label), "said": $0, "other": other ?? ""] }
        }
    }

    private var grid: String? {
        state.gridId.map { id in teller.pack?.grids?.first { $0.id == id }?.name ?? id.rawValue }
    }

    /// Nobody for those who may not know.
    private var reporters: [[String: Any]] {
        guard teller.viewer.knowsReporters else { return [] }
        return state.reporterIds.enumerated().map { index, person in
            ["person": person.rawValue, "isFirst": index == 0, "address": PeoplePages.address(of: person)]
        }
    }

    /// None for those who may not know who speaks.
    private var voiceNotes: [[String: Any]] {
        guard teller.viewer.knowsReporters else { return [] }
        return (state.voiceNotes ?? []).enumerated().map { index, note in
            ["voice": "/v1/voice-notes/\(note.id)", "voiceNumber": index + 1, "voiceSeconds": note.seconds]
        }
    }

    /// Why this owner: the rule that decided when it was opened, and what people decided since.
    private var trace: [String] {
        events.flatMap { event -> [String] in
            switch event.data {
            case .opened(let opened): return [Bilingual.half(opened.routing, language)]
            case .changed(let change) where change.step == .dispatched:
                let unit = teller.unit(change.case.ownerUnitId)
                return ["\(time(event.time)) \(unit)\(change.reason.map { "：" + Bilingual.half($0, language) } ?? "")"]
            default: return []
            }
        }
    }

    /// Newest first, with who took each step where the viewer may know.
    private var steps: [[String: Any]] {
        var teller = teller.teller
        teller.isForStaff = true
        return zip(teller.steps(events, self.teller.viewer), events.reversed()).map { step, event in
            var step = step
            let view = StepView(event, for: self.teller.viewer)
            step["actor"] = (view.actorId ?? view.reporterId)?.rawValue ?? ""
            if let reason = step["reason"] as? String { step["reason"] = Bilingual.half(reason, language) }
            return step
        }
    }

    private var ratings: [[String: Any]] {
        (state.course?.ratings ?? []).map { rating in
            let said = [
                rating.solved.map { word($0 ? "console.solved" : "console.unsolved") },
                rating.satisfied.map { word($0 ? "case.happy" : "case.unhappy") },
            ]
            return [
                "said": said.compactMap(\.self).joined(separator: " · "), "at": time(rating.at),
                "isGood": rating.solved != false && rating.satisfied != false,
            ]
        }
    }

    private func time(_ moment: Timestamp) -> String { teller.time.short(moment, now: teller.now) }
    private func word(_ key: String) -> String { teller.word(key) }
}
