import Contracts

/// Why a call of units or a part in a case is refused, and what to do instead.
extension CaseRefusal {
    static func oneUnitNeeded(_ action: CaseAction) -> CaseRefusal {
        CaseRefusal(
            .unitNeeded, chinese: "请在 details.unitIds 中写明一个单位。", english: "Name one unit in details.unitIds.",
            allowed: [action])
    }

    static func notAUnit(_ unit: UnitID, allowed: [CaseAction]) -> CaseRefusal {
        CaseRefusal(
            .unknownUnit, chinese: "数据包没有单位 \(unit)，请另选。",
            english: "The pack has no unit \(unit): choose another.", allowed: allowed)
    }

    static var noPackToAskUnits: CaseRefusal {
        CaseRefusal(.noPack, chinese: "尚无数据包，没有可以请的单位。", english: "No pack is in force, so no unit can be asked.")
    }

    static func whistleRuns(until: Timestamp) -> CaseRefusal {
        CaseRefusal(
            .whistleRuns, chinese: "已吹哨，\(until) 前报到；结束后可再吹哨。",
            english: "Units are called already, to be there by \(until): whistle again once that is over.",
            allowed: [.checkIn])
    }

    static var unitsToCallNeeded: CaseRefusal {
        CaseRefusal(
            .unitNeeded, chinese: "请在 details.unitIds 中写明 1 至 \(Case.mostCalled) 个不同的单位。",
            english: "Name 1 to \(Case.mostCalled) different units in details.unitIds.", allowed: [.whistle])
    }

    static var whistleTimeNeeded: CaseRefusal {
        CaseRefusal(
            .whistleTime, chinese: "请在 details.until 中写明到场时间，须在今后 30 天内。",
            english: "Say in details.until by when to be there: later than now, within 30 days.",
            allowed: [.whistle])
    }

    static var noWhistle: CaseRefusal {
        CaseRefusal(
            .noWhistle, chinese: "该案件没有吹哨，不必报到。",
            english: "Nobody was called to this case: there is nothing to check in to.",
            allowed: [.whistle])
    }

    static func whistleIsOver(since moment: Timestamp) -> CaseRefusal {
        CaseRefusal(
            .whistleOver, chinese: "吹哨已结束（\(moment) 前报到），不能再报到；需要时请调度员再吹哨。",
            english: "The whistle is over (it was to be there by \(moment)): ask a dispatcher to whistle again.",
            allowed: [.whistle])
    }

    static func notCalled(_ unit: UnitID, _ called: [UnitID]) -> CaseRefusal {
        let names = called.map(\.rawValue).joined(separator: ", ")
        return CaseRefusal(
            .notCalled, chinese: "没有请单位 \(unit) 到场；请的是 \(names)。",
            english: "\(unit) was not called; called are \(names).",
            allowed: [.checkIn])
    }

    static func thereAlready(_ unit: UnitID) -> CaseRefusal {
        CaseRefusal(
            .thereAlready, chinese: "单位 \(unit) 已报到。", english: "\(unit) has checked in already: nothing more to do.")
    }

    static func ownsItAlready(_ unit: UnitID) -> CaseRefusal {
        CaseRefusal(
            .coOwnerTaken, chinese: "单位 \(unit) 是责任单位，不能协办；请另选单位。",
            english: "\(unit) owns the case: choose another unit.", allowed: [.addCoOwner])
    }

    static func coOwnsItAlready(_ unit: UnitID) -> CaseRefusal {
        CaseRefusal(
            .coOwnerTaken, chinese: "单位 \(unit) 已在协办；请另选单位。",
            english: "\(unit) has a part in it already: choose another unit.",
            allowed: [.addCoOwner])
    }

    static var tooManyCoOwners: CaseRefusal {
        CaseRefusal(
            .tooManyCoOwners, chinese: "协办单位最多 \(Case.mostCoOwners) 个。",
            english: "A case has at most \(Case.mostCoOwners) co-owners.", allowed: [.coHandle])
    }

    static func coOwnerLimit(_ fault: String) -> CaseRefusal {
        CaseRefusal(
            .coOwnerLimit, chinese: "协办时限有误：\(fault)；请在 details.limit 中写明，如 4w、2d。",
            english: "The co-owner's time cannot be counted: \(fault). Give it in details.limit, such as 4w or 2d.",
            allowed: [.addCoOwner])
    }

    static func noOpenPart(of unit: UnitID, _ open: [UnitID]) -> CaseRefusal {
        let names = open.isEmpty ? "—" : open.map(\.rawValue).joined(separator: ", ")
        return CaseRefusal(
            .noOpenPart, chinese: "单位 \(unit) 没有未完成的协办；未完成的有：\(names)。",
            english: "\(unit) has no open part in it; open are: \(names).",
            allowed: open.isEmpty ? [.handle] : [.coHandle])
    }

    static func partsAreOpen(_ open: [UnitID]) -> CaseRefusal {
        let names = open.map(\.rawValue).joined(separator: ", ")
        return CaseRefusal(
            .partsOpen, chinese: "协办单位 \(names) 尚未完成，请先由其反馈。",
            english: "The parts of \(names) are not done yet: they go first.", allowed: [.coHandle])
    }
}
