import Contracts

/// Tells orders and what lies on a shelf.
struct StationTeller {
    let frame: Frame
    let pack: Pack
    let visit: Visit
    let now: Timestamp

    private var time: LocalTime { LocalTime(pack) }

    func prize(_ id: PrizeID) -> String {
        guard let prize = pack.points?.prizes?.first(where: { $0.id == id }) else { return id.rawValue }
        return visit.language == .english ? prize.englishName : prize.name
    }

    func order(_ state: OrderState) -> [String: Any] {
        [
            "orderId": state.orderId.rawValue, "isWaiting": state.stage == .placed,
            "isHandedOver": state.lines.contains { $0.handedOver > 0 } && state.stage == .handedOver,
            "orderStage": frame.words.text("order.\(state.stage.rawValue)", visit.language),
            "placed": time.short(state.placedAt, now: now), "expires": time.short(state.expiresAt, now: now),
            "points": state.lines.reduce(0) { $0 + $1.count * $1.price },
            "what": state.lines.map { "\(prize($0.prizeId)) × \($0.count)" }.joined(separator: "，"),
            "lines": state.lines.map { line in
                [
                    "prizeId": line.prizeId.rawValue, "prizeName": prize(line.prizeId), "ordered": line.count,
                    "handed": line.handedOver, "toHandOver": line.left(for: .handOver),
                    "toTakeBack": line.left(for: .takeBack),
                ]
            },
        ]
    }

    /// Every prize of the pack, with what there is of it here, and what lies here of others.
    func shelf(_ stocks: [StockState]) -> [[String: Any]] {
        let known = (pack.points?.prizes ?? []).map(\.id)
        let others = stocks.map(\.prizeId).filter { !known.contains($0) }
        return (known + others).map { id in
            let stock = stocks.first { $0.prizeId == id }
            let short = max(0, (stock?.held ?? 0) - (stock?.onHand ?? 0))
            return [
                "prizeId": id.rawValue, "prizeName": prize(id), "onHand": stock?.onHand ?? 0, "held": stock?.held ?? 0,
                "free": stock?.free ?? 0, "short": short, "isShort": short > 0, "isKnown": known.contains(id),
            ]
        }
    }

    func move(_ line: StationStatementView.Line) -> [String: Any] {
        let change = line.change ?? 0
        return [
            "moveTime": time.short(line.at, now: now),
            "moveName": frame.words.text("counter-move.\(line.type)", visit.language), "movePrize": prize(line.prizeId),
            "moveCount": line.count, "moveReason": line.reason ?? "", "moveBy": line.actorId?.rawValue ?? "",
            "moveChange": line.change == nil ? "" : change < 0 ? "−\(-change)" : "+\(change)",
            "moveTone": change < 0 ? "worse" : "better",
        ]
    }
}
