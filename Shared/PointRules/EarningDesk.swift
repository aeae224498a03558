import Contracts

/// One case event under way: what it makes of the case's promise.
struct EarningDesk<Records: EarningRecords> {
    var weighed: Weighed
    let reference: CaseReference
    let cause: MessageID
    let time: Timestamp
    let pack: Pack?
    let records: Records

    /// Promises everybody their part, each by a transfer of its own.
    mutating func promiseEach(because reason: Explanation) throws {
        guard var promise = weighed.case.promise else { return }
        let division = try grant(promise)
        promise.shares = division.shares
        for (index, granted) in division.granted.enumerated() {
            let earner = granted.share.earner
            let id = TransferID.promise(of: reference.caseId, to: earner, number: promise.number)
            promise.shares[index].transferId = id
            let points = granted.share.granted
            weighed.moves.append(
                EarningMove(
                    event: event(
                        points > 0 ? .pended : .capped, id, points: points > 0 ? points : granted.share.due,
                        explanation: words(granted, of: promise, because: reason), promise, earner),
                    changes: points > 0 ? [EarningMove.Change(earner: earner, points: points)] : []))
        }
        weighed.case.promise = promise
        if weighed.moves.isEmpty { weighed.reason = .reporterIsAnonymous }
    }

    /// Divides a pending promise among those who report the case now, by one transfer.
    mutating func divideAnew(because reason: Explanation) throws {
        guard var promise = weighed.case.promise else { return weighed.reason = .nothingPromised }
        guard promise.state == .pending else { return weighed.reason = .alreadyEnded }
        let old = promise.shares
        let division = try grant(promise)
        promise.shares = division.shares
        let changes = division.shares.compactMap { share -> EarningMove.Change? in
            let points = share.granted - (old.first { $0.earner == share.earner }?.granted ?? 0)
            return points == 0 ? nil : EarningMove.Change(earner: share.earner, points: points)
        }
        if !changes.isEmpty {
            promise.divisions += 1
            let id = TransferID.sharing(of: reference.caseId, number: promise.number, division: promise.divisions)
            for index in promise.shares.indices
            where changes.contains(where: { $0.earner == promise.shares[index].earner }) {
                promise.shares[index].transferId = id
            }
            weighed.moves.append(share(promise, division, changes, by: id, because: reason))
        }
        for granted in division.granted where granted.share.granted == 0 && !old.contains(granted.share.earner) {
            let id = TransferID.capped(of: reference.caseId, for: granted.share.earner, number: promise.number)
            weighed.moves.append(
                EarningMove(
                    event: event(
                        .capped, id, points: granted.share.due,
                        explanation: words(granted, of: promise, because: reason), promise, granted.share.earner),
                    changes: []))
        }
        weighed.case.promise = promise
        if weighed.moves.isEmpty { weighed.reason = .sameShares }
    }

    private func share(
        _ promise: Promise, _ division: Division, _ changes: [EarningMove.Change], by id: TransferID,
        because reason: Explanation
    ) -> EarningMove {
        let people = division.granted.filter { $0.part != .team }
        let first = people.filter(\.isFirst).map(\.share.granted)
        let others = people.filter { !$0.isFirst }.map { "\($0.share.granted)" }
        let held = division.granted.reduce(0) { $0 + $1.share.due - $1.share.granted }
        let gained = changes.filter { $0.points > 0 }
        let moved = max(
            gained.reduce(0) { $0 + $1.points }, -changes.filter { $0.points < 0 }.reduce(0) { $0 + $1.points })
        let chinese =
            first.map { "首报 \($0) 分" }
            + (others.isEmpty ? [] : ["附议 \(others.count) 人得 \(others.joined(separator: "、")) 分"])
            + (held > 0 ? ["\(held) 分因上限、预算或移动过快不计"] : [])
        let english =
            first.map { "the first reporter \($0)" }
            + (others.isEmpty ? [] : ["\(others.count) supporting \(others.joined(separator: " and "))"])
            + (held > 0 ? ["\(held) held back by a cap, the budget or fast movement"] : [])
        let explanation = Explanation(
            "规则「\(promise.ruleName)」：案件 \(reference.caseNumber) \(reason.chinese)，共 \(promise.total) 分重新分配："
                + chinese.joined(separator: "，") + "。",
            english: "Rule \(promise.ruleId): case \(reference.caseNumber) \(reason.english ?? reason.chinese); its "
                + "\(promise.total) points are divided anew: \(english.joined(separator: ", ")).")
        // Who alone gains is whom it is about.
        return EarningMove(
            event: event(
                .shared, id, points: moved, explanation: explanation, promise,
                gained.count == 1 ? gained[0].earner : nil), changes: changes)
    }

    private func event(
        _ step: PointsMoved.Step, _ id: TransferID, points: Int, explanation: Explanation, _ promise: Promise,
        _ earner: Earner?
    ) -> PointsMoved {
        PointsMoved(
            step: step, transferId: id, ledgerId: reference.ledgerId, points: points, causeEventId: cause,
            explanation: explanation
        ) {
            $0.personId = earner?.personId
            $0.teamId = earner?.teamId
            $0.caseId = reference.caseId
            $0.caseNumber = reference.caseNumber
            $0.ruleId = promise.ruleId
        }
    }

    private func words(_ granted: Granted, of promise: Promise, because reason: Explanation) -> Explanation {
        Explanation(
            chinese(granted, of: promise, because: reason.chinese),
            english: english(granted, of: promise, because: reason.english ?? reason.chinese))
    }

    private func chinese(_ granted: Granted, of promise: Promise, because reason: String) -> String {
        let category = pack?.words(for: reference.category) ?? "\(reference.category)"
        let head = "规则「\(promise.ruleName)」：案件 \(reference.caseNumber)（\(category)）\(reason)，\(promise.bonusWords)"
        let part =
            switch granted.part {
            case .first(supporters: 0): promise.bonusWords.isEmpty ? "" : "共 \(promise.total) 分，"
            case .first(let supporters): "共 \(promise.total) 分，\(supporters) 人附议，首报人"
            case .supporter(let of): "共 \(promise.total) 分，\(of) 人附议，附议人"
            case .team: "首报人的团队"
            }
        return "\(head)\(part)\(granted.allowance.words)。"
    }

    private func english(_ granted: Granted, of promise: Promise, because reason: String) -> String {
        let bonus = promise.bonusWordsInEnglish ?? ""
        let category = pack?.categories.first { $0.code == reference.category }?.englishName
        let what = category.map { " (\(reference.category) \($0))" } ?? " (\(reference.category))"
        let total = "\(promise.total) points in all, "
        let part =
            switch granted.part {
            case .first(supporters: 0): bonus.isEmpty ? "" : total
            case .first(let supporters): "\(total)supported by \(supporters), the first reporter: "
            case .supporter(let of): "\(total)supported by \(of), each of them: "
            case .team: "the first reporter's team: "
            }
        return "Rule \(promise.ruleId): case \(reference.caseNumber)\(what) \(reason); "
            + "\(bonus)\(part)\(granted.allowance.englishWords)."
    }
}

extension [Promise.Share] {
    func contains(_ earner: Earner) -> Bool { contains { $0.earner == earner } }
}
