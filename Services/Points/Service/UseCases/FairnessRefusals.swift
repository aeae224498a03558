import Contracts
import EventProcessing
import PointsDomain

extension Refusal {
    static let reasonMissing = Refusal(code: "reason-missing", reason: "请写明原因 / say why: 'reason' is empty.")
    static let mayNotReview = Refusal(
        code: "not-allowed",
        reason: "只有与线索无关的调度员或管理员可以复核 / only a dispatcher or an admin whom it is not about may review it.")

    static func hoursConflict(_ id: HoursRecordID) -> Refusal {
        Refusal(
            code: "conflict", reason: "编号 \(id) 已用于另一条时长记录 / this id stands for another entry: choose a new id.")
    }

    static func noticeConflict(_ id: NoticeID) -> Refusal {
        Refusal(
            code: "conflict", reason: "编号 \(id) 已用于另一份告知 / this id stands for another notice: choose a new id.")
    }

    static func noNotice(_ id: NoticeID) -> Refusal {
        Refusal(code: "not-found", reason: "没有告知 \(id) / there is no notice of this id.")
    }

    static func noSignal(_ id: SignalID) -> Refusal {
        Refusal(code: "not-found", reason: "没有线索 \(id) / there is no signal of this id.")
    }

    static func reviewed(_ id: SignalID, by person: PersonID) -> Refusal {
        Refusal(
            code: "already-reviewed",
            reason: "线索 \(id) 已由 \(person) 复核 / the signal was reviewed before, by another word.")
    }

    init(_ fault: HoursFault) {
        switch fault {
        case .notAllowed:
            self.init(
                code: "not-allowed",
                reason: "时长由调度员、管理员或驿站人员登记，不能登记自己的 / a dispatcher, an admin or station staff enters hours, "
                    + "and nobody their own.")
        case .nobody:
            self.init(code: "nobody", reason: "匿名者不能登记时长 / hours need a person: this name leads to nobody.")
        case .badMinutes:
            self.init(
                code: "bad-minutes",
                reason: "每条记录 1 至 \(RecordHours.mostMinutes) 分钟 / give 1 to \(RecordHours.mostMinutes) minutes; "
                    + "split what is longer.")
        case .notYetServed:
            self.init(
                code: "not-yet-served",
                reason: "服务尚未结束，不能提前登记 / the service is not over yet: enter it afterwards.")
        case .unknownTask(let id):
            self.init(
                code: "unknown-task", reason: "规则包中没有服务项目 '\(id)' / the pack has no task of this id: see points.yaml.")
        case .unknownTeam(let id):
            self.init(
                code: "unknown-team", reason: "该账本没有队伍 '\(id)' / the ledger has no team of this id: leave it out.")
        case .overlaps(let other):
            self.init(
                code: "overlaps",
                reason:
                    "与记录 \(other.recordId)（\(other.servedAt) 起 \(other.minutes) 分钟）时间重叠 / these minutes are in that "
                    + "entry already: take it back first, or correct the time.")
        case .reasonMissing: self = .reasonMissing
        case .noEntry(let id):
            self.init(code: "not-found", reason: "没有可撤回的记录 \(id) / there is no entry of this id to take back.")
        case .differs(let entry):
            self.init(
                code: "differs",
                reason: "与记录 \(entry.recordId) 不符（\(entry.taskId)，\(entry.servedAt) 起 \(entry.minutes) 分钟）/ name the "
                    + "person, task, time and minutes of the entry that is taken back.")
        case .takenBack(let id, let by):
            self.init(code: "already-taken-back", reason: "记录 \(id) 已由 \(by) 撤回 / the entry was taken back before.")
        }
    }

    init(_ fault: NoticeFault) {
        switch fault {
        case .notAllowed:
            self.init(
                code: "not-allowed",
                reason: "告知与复核由调度员或管理员办理，申诉只能由本人提出 / a dispatcher or an admin gives and decides notices, "
                    + "none about themselves; only the person objects.")
        case .ownNotice:
            self.init(
                code: "own-notice", reason: "发出告知的人不能自己复核 / who gave the notice may not decide it: ask another.")
        case .tooManyAwards:
            self.init(
                code: "bad-awards",
                reason:
                    "一份告知列 1 至 \(GiveNotice.mostAwards) 笔，不重复 / name 1 to \(GiveNotice.mostAwards) transfers, each once."
            )
        case .notAnAward(let id):
            self.init(
                code: "not-an-award",
                reason: "转账 \(id) 没有给此人积分 / this transfer brought the person no points: name one of points.pended, "
                    + "points.released or points.awarded.")
        case .nothingDue:
            self.init(code: "nothing-due", reason: "这些积分已收回 / these points went back before: there is nothing to take.")
        case .noticed(let id, let notice):
            self.init(
                code: "already-noticed", reason: "转账 \(id) 已在告知 \(notice) 中 / another notice is about these points.")
        case .noSignal(let id):
            self.init(
                code: "no-signal", reason: "没有关于此人的线索 \(id) / there is no signal of this id about the person.")
        case .reasonMissing: self = .reasonMissing
        case .windowOver(let until):
            self.init(code: "window-over", reason: "申诉期已于 \(until) 届满 / the time to object is over.")
        case .windowOpen(let until):
            self.init(
                code: "window-open",
                reason: "申诉期至 \(until)，期满前无人申诉不得追回 / nobody has objected, and the time to do so runs until then.")
        case .ended(let state):
            self.init(code: "notice-ended", reason: "告知已处于 \(state.rawValue) / the notice was answered before.")
        }
    }
}
