package import Contracts

/// What there is of a person's points when a notice ends.
package struct ClawBack: Sendable, Equatable {
    /// What the notice is about and was not given back otherwise.
    package let due: Int
    /// What of it was only promised, and went back as a promise.
    package let voided: Int
    /// The lots of the named awards.
    package let awarded: [LotPart]
    /// The person's open lots, the oldest first.
    package let open: [LotPart]

    package init(due: Int, voided: Int, awarded: [LotPart], open: [LotPart]) {
        self.due = due
        self.voided = voided
        self.awarded = awarded
        self.open = open
    }

    /// What is taken: from the named awards first, then from the oldest; never more than there is.
    package var lots: [LotPart] {
        let wanted = max(0, due - voided)
        let named = open.among(awarded)
        let first = named.first(wanted)
        let rest = open.without(first)
        return (first + rest.first(wanted - first.sum)).merged()
    }

    /// How many points the notice takes, promises and all.
    package var taken: Int { voided + lots.sum }

    /// The same in English.
    package var englishWords: String {
        let missing = due - taken
        return missing > 0
            ? "of \(due) points \(taken) were taken back; the other \(missing) are spent or expired and are not asked for"
            : "\(taken) points were taken back"
    }

    /// As a person reads it; what is not there any more is said, and not asked for.
    package var words: String {
        let missing = due - taken
        return missing > 0
            ? "应追回 \(due) 分，追回 \(taken) 分，其余 \(missing) 分已用去或过期，不再追回" : "追回 \(taken) 分"
    }
}

extension Notice {
    /// The transfer that takes points back: one for a notice, for ever.
    package var clawBackId: TransferID { .derived(from: "\(ledgerId)/\(noticeId)", "claw-back") }

    /// Takes the points back 追回; nil where none are there.
    package func transfer(
        _ clawBack: ClawBack, by actor: PersonID?, cause: MessageID, because reason: Explanation
    ) -> Transfer? {
        let lots = clawBack.lots
        guard lots.sum > 0 else { return nil }
        return Transfer(
            PointsMoved(
                step: .clawedBack, transferId: clawBackId, ledgerId: ledgerId, points: lots.sum, causeEventId: cause,
                explanation: Explanation(
                    "\(reason.chinese)，\(clawBack.words)。告知 \(noticeId)，原因：\(self.reason)",
                    english:
                        "\(reason.english ?? reason.chinese): \(clawBack.englishWords). Notice \(noticeId), reason: "
                        + "“\(self.reason)”")
            ) {
                $0.personId = personId
                $0.actorId = actor
            },
            [
                Movement(.available(of: personId, in: ledgerId), -lots.sum, lots: .these(lots)),
                Movement(.issued(of: ledgerId), lots.sum),
            ])
    }
}

extension [LotPart] {
    /// Up to so many points, from the first lots on.
    func first(_ points: Int) -> [LotPart] { taking(Swift.max(0, Swift.min(points, sum))) ?? [] }

    /// What is left of these without the given parts.
    func without(_ parts: [LotPart]) -> [LotPart] {
        compactMap { lot in
            let points = lot.points - parts.filter { $0.number == lot.number }.sum
            return points > 0 ? lot.with(points: points) : nil
        }
    }

    /// Parts of one lot put together, in order of the lots.
    func merged() -> [LotPart] {
        var whole: [LotPart] = []
        for part in sorted(by: { $0.number < $1.number }) {
            if let last = whole.last, last.number == part.number {
                whole[whole.count - 1] = part.with(points: last.points + part.points)
            } else {
                whole.append(part)
            }
        }
        return whole
    }
}
