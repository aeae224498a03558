import Contracts
import EventProcessing
import PointsDomain

extension Refusal {
    static func orderConflict(_ id: OrderID) -> Refusal {
        Refusal(
            code: "conflict", reason: "编号 \(id) 已用于另一张兑换单 / this id stands for another order: choose a new one.")
    }

    static func noOrder(_ id: OrderID) -> Refusal {
        Refusal(code: "not-found", reason: "没有兑换单 \(id) / there is no order of this id in this ledger.")
    }
}

extension OrderFault {
    /// What is wrong, and what to do.
    var refusal: Refusal {
        Refusal(code: code, reason: reason, allowed: allowed)
    }

    private var code: String {
        switch self {
        case .notYours, .notLeader, .cannotHold, .notStaff, .ownOrder: "not-allowed"
        case .unknownStation: "unknown-station"
        case .otherLedger: "other-ledger"
        case .unknownPrize: "unknown-prize"
        case .notPricedYet: "not-priced-yet"
        case .noLines, .twice, .badCount, .tooMany, .notInOrder: "bad-lines"
        case .outOfStock: "out-of-stock"
        case .moreThanThere: "more-than-there"
        case .countFirst: "count-first"
        case .stepDoesNotFit: "wrong-stage"
        case .doneLater, .doneBefore: "bad-time"
        case .timeIsOver: "time-is-over"
        case .spentMeanwhile: "spent-meanwhile"
        case .settled: "settled"
        }
    }

    private var allowed: [String] {
        guard case .stepDoesNotFit(_, _, let allowed) = self else { return [] }
        return allowed.map(\.rawValue)
    }

    private var reason: String {
        switch self {
        case .notYours: "只有本人可以下单或取消 / order and call off for yourself only."
        case .notLeader(let team): "只有团队 \(team) 的负责人可以用团队积分 / only the team's leader spends its points."
        case .cannotHold: "这个名称没有积分账户 / no points are booked to this name: order under your own."
        case .notStaff(let station): "只有驿站 \(station) 的工作人员可以办理 / only staff of this station may do this."
        case .ownOrder: "不能办理自己的兑换单，请同事办理 / let a colleague act on your own order."
        case .unknownStation(let id): "没有驿站 \(id) / there is no such station: see GET /v1/stations."
        case .otherLedger(let id): "驿站 \(id) 属于另一个账本 / the station belongs to another ledger."
        case .unknownPrize(let id): "没有奖品 \(id) / there is no such prize: see GET /v1/prizes."
        case .notPricedYet(let id, let day): "奖品 \(id) 自 \(day) 起可兑换 / this prize can be had from that day on."
        case .noLines: "没有写明奖品和数量 / name one prize or more, and how many."
        case .twice(let id): "奖品 \(id) 写了两次 / the prize stands twice: put it in one line."
        case .badCount(let id, let most): "奖品 \(id) 的数量须在允许范围内，最多 \(most) / give a count up to \(most)."
        case .tooMany(let count, let most):
            "一单最多 \(most) 件，这里有 \(count) 件 / an order has at most \(most) pieces: make two."
        case .notInOrder(let id): "兑换单里没有奖品 \(id) / the prize is not in the order."
        case .outOfStock(let id, let left, let wanted):
            "奖品 \(id) 只剩 \(left) 件，需要 \(wanted) 件 / only \(left) are left, \(wanted) are wanted."
        case .moreThanThere(let id, let there, let wanted):
            "奖品 \(id) 只有 \(there) 件可办理，写了 \(wanted) 件 / there are only \(there) for this step."
        case .countFirst(let id, let onHand, let wanted):
            "账上只有 \(onHand) 件 \(id)，发放了 \(wanted) 件，请先盘点 / the books have fewer than were given: count first."
        default: lateReason
        }
    }

    private var lateReason: String {
        switch self {
        case .stepDoesNotFit(let action, let stage, _):
            "兑换单处于 \(stage.rawValue)，不能 \(action.rawValue) / an order at this stage does not take this step."
        case .doneLater(let at): "办理时间 \(at) 在将来，请校准时钟 / done in the future: set the station's clock."
        case .doneBefore(let placedAt): "办理时间早于下单时间 \(placedAt) / done before the order was placed: check the time."
        case .timeIsOver(let expiresAt):
            "领取期限 \(expiresAt) 已过，请重新下单 / the time to pick it up is over: let them order anew."
        case .spentMeanwhile(let points, let balance):
            "退回的 \(points) 分已被用去，余额 \(balance) 分；请将奖品报损并注明单号 / the points were spent meanwhile: "
                + "write the prizes off and name the order."
        case .settled(let points, let balance):
            "奖品账户只有 \(balance) 分，\(points) 分已与出资方结算，请管理员从已发行账户补发 / settled with the funder: "
                + "let an admin award the points from issued."
        default: ""
        }
    }
}
