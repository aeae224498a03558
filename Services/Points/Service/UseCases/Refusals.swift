import Contracts
import EventProcessing
import PointsDomain

extension Refusal {
    static let tooLate = Refusal(code: "too-late", reason: "请求来得太晚，请重试 / the command came too late: send it anew.")
    static let onlyAdmins = Refusal(
        code: "not-allowed", reason: "只有积分管理员可以这样做 / only an admin may do this.", allowed: [])
    static let noPack = Refusal(
        code: "no-pack", reason: "还没有生效的规则包 / no pack is in force yet: apply one first ('suishoupai pack apply').")
    static let notPositive = Refusal(code: "not-positive", reason: "分数须大于零 / give 1 point or more.")
    static let timeoutIsOver = Refusal(
        code: "timeout-over", reason: "预留的到期时间已过 / the time-out lies in the past: give a later one.")

    static func conflict(_ id: TransferID) -> Refusal {
        Refusal(
            code: "conflict",
            reason: "编号 \(id) 已用于另一笔转账 / this id stands for another transfer: choose a new id.")
    }

    static func noSuchMove(_ move: MovePoints) -> Refusal {
        Refusal(
            code: "no-such-move",
            reason: "不能从 \(move.from) 转到 \(move.to) / points cannot be moved between these accounts.",
            allowed: [
                "funder → issued", "issued → available", "available → available", "issued → funder",
                "prizes → funder", "expired → funder", "expired → issued",
            ])
    }

    static func notEnough(_ account: AccountID, balance: Int, wanted: Int) -> Refusal {
        Refusal(
            code: "not-enough",
            reason:
                "账户 \(account) 有 \(balance) 分，需要 \(wanted) 分 / the account holds \(balance) points, \(wanted) are wanted."
        )
    }

    static func alreadySpent(_ account: AccountID) -> Refusal {
        Refusal(
            code: "already-spent",
            reason: "账户 \(account) 的这些积分已用去或过期 / these points of the account were spent or have expired.")
    }

    static func noHold(_ id: TransferID) -> Refusal {
        Refusal(code: "not-found", reason: "没有预留 \(id) / there is no hold of this id.")
    }

    static func holdOfOrder(_ id: TransferID) -> Refusal {
        Refusal(
            code: "hold-of-order",
            reason: "预留 \(id) 属于一张兑换单，请办理该兑换单 / the hold belongs to an order: act on the order.")
    }

    static func holdEnded(_ hold: Hold) -> Refusal {
        Refusal(
            code: "hold-ended",
            reason: "预留 \(hold.transferId) 已结束（\(hold.state.rawValue)）/ the hold has ended before.")
    }

    static func moreThanHeld(_ hold: Hold) -> Refusal {
        Refusal(
            code: "more-than-held",
            reason: "预留只有 \(hold.points) 分 / the hold has \(hold.points) points: post 1 to that many.")
    }

    static func noTransfer(_ id: TransferID) -> Refusal {
        Refusal(code: "not-found", reason: "没有转账 \(id) / there is no transfer of this id.")
    }

    static func notCorrectable(_ transfer: PointsMoved) -> Refusal {
        Refusal(
            code: "not-correctable",
            reason: "\(transfer.step.rawValue) 不能直接更正 / a transfer of this kind is undone by its own way.",
            allowed: ["points.awarded", "points.moved", "points.funded"])
    }

    static func corrected(_ id: TransferID, by correction: TransferID) -> Refusal {
        Refusal(
            code: "already-corrected",
            reason: "转账 \(id) 已由 \(correction) 更正 / the transfer was corrected before.")
    }
}
