import Foundation

private typealias Town = SampleTown

extension MessageCatalogue {
    static let points: [MessageDescriptor] =
        [
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["points"],
                "Gives points a case event to weigh.",
                sample: ObserveCase(event: Town.enclosed(.sampleFiled, from: "case-routing")),
                minimal: ObserveCase(event: Town.enclosedFirst(.smallFiled, from: "case-routing")))
        ] + pointsCommands + PointsMoved.Step.allCases.map(describe) + [periodClosed, accountState] + spending
        + fairness

    private static let accountState = MessageDescriptor(
        .state, on: [TopicCatalogue.accounts], by: ["points"], "An account's balance after each posting.",
        sample: AccountState(
            accountId: "available:nanchang:rider-7", version: 2, ledgerId: Town.ledger, kind: .available,
            personId: Town.rider, teamId: "riders-1", balance: 10,
            hash: ContentHash.sha256(Data("the newest posting".utf8))),
        minimal: AccountState(
            accountId: "funder:nanchang:street", version: 3, ledgerId: Town.ledger, kind: .funder, personId: nil,
            balance: -10))

    private static let periodClosed = MessageDescriptor(
        .event, on: [TopicCatalogue.pointsEvents], by: ["points"],
        "A month of a ledger was closed 月结, with one hash over all its accounts.",
        sample: PeriodClosed(
            ledgerId: Town.ledger, period: "2026-11", endedAt: Town.morning, accounts: 4,
            root: ContentHash.sha256(Data("the root".utf8)),
            previous: ContentHash.sha256(Data("the root before".utf8)),
            totals: [.init(kind: "available", points: 40), .init(kind: "funder", points: -40)]))

    private static let pointsCommands: [MessageDescriptor] = [
        MessageDescriptor(
            .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
            "Moves points by a person's order, at once or held until it is posted, voided or timed out.",
            sample: move(timeoutAt: Town.minutesLater(600), notAfter: Town.minutesLater(5)),
            minimal: move(timeoutAt: nil, notAfter: nil)),
        MessageDescriptor(
            .command, on: [TopicCatalogue.pointsCommands], by: ["portal"], "Ends a transfer that was held.",
            sample: end(points: 4, notAfter: Town.minutesLater(5)), minimal: end(points: nil, notAfter: nil)),
        MessageDescriptor(
            .command, on: [TopicCatalogue.pointsCommands], by: ["portal"], "Corrects a transfer 更正 by its reverse.",
            sample: correct(notAfter: Town.minutesLater(5)), minimal: correct(notAfter: nil)),
    ]

    private static let treasurer = Actor(personId: "admin-1", roles: ["admin"])

    private static func move(timeoutAt: Timestamp?, notAfter: Timestamp?) -> MovePoints {
        MovePoints(
            transferId: "grant-5b7a", ledgerId: Town.ledger, from: "issued:nanchang", to: "available:nanchang:rider-7",
            points: 10, reason: "夜间巡逻，社区酌情奖励", timeoutAt: timeoutAt, actor: treasurer, notAfter: notAfter)
    }

    private static func end(points: Int?, notAfter: Timestamp?) -> EndPending {
        EndPending(
            pendingTransferId: "grant-5b7a", ledgerId: Town.ledger, outcome: .post, points: points, reason: "已核实",
            actor: treasurer, notAfter: notAfter)
    }

    private static func correct(notAfter: Timestamp?) -> CorrectTransfer {
        CorrectTransfer(
            transferId: "correction-1", ledgerId: Town.ledger, corrects: "grant-5b7a", reason: "奖励给错了人",
            actor: treasurer, notAfter: notAfter)
    }

    private static func describe(_ step: PointsMoved.Step) -> MessageDescriptor {
        MessageDescriptor(
            .event, on: [TopicCatalogue.pointsEvents], by: ["points"], step.purpose,
            sample: PointsMoved.sample(step, whole: true), minimal: PointsMoved.sample(step, whole: false))
    }
}

extension PointsMoved.Step {
    fileprivate var purpose: String {
        switch self {
        case .funded: "A funder's budget became points that can be given out 注资."
        case .pended: "Points were promised for a filed report, and cannot be spent yet."
        case .shared: "A promise was divided anew among the reporters of a case."
        case .released: "A case closed verified and can be reopened no more: the points promised for it can be spent."
        case .voided: "A case came to nothing, and the points promised for it went back."
        case .capped: "Nothing moved: a cap, a rule of safety or an empty budget held it back."
        case .awarded: "Points were given at once: for a volunteer's task, or by the committee 酌情."
        case .moved: "Points were moved by a person's order."
        case .held: "Points were set aside until something else has happened."
        case .posted: "What was held went where it was to go."
        case .unheld: "What was held came back: called off."
        case .timedOut: "What was held came back: its time was over."
        case .refunded: "Points were given back for goods 退还."
        case .expired: "Points that nobody spent in time expired 过期."
        case .clawedBack: "Points were taken back after notice and objection 追回."
        case .corrected: "A transfer was corrected by its reverse 更正."
        }
    }
}

extension CaseEvent {
    /// A case was filed: the event that earns points, with an owner and without.
    static let sampleFiled = CaseEvent.changed(
        CaseChanged(
            step: .filed, case: Town.reference, at: Town.minutesLater(30), actorId: Town.dispatcher, reason: "照片清楚，位置准确"
        ))
    static let smallFiled = CaseEvent.changed(
        CaseChanged(step: .filed, case: Town.unownedReference, at: Town.minutesLater(30), actorId: nil))
}

extension PointsMoved {
    /// A transfer as its step looks, with all that it may carry or none of it.
    static func sample(_ step: Step, whole: Bool) -> PointsMoved {
        PointsMoved(
            step: step, transferId: "transfer-3c9d1a54", ledgerId: Town.ledger,
            postings: postings(of: step, whole: whole),
            points: 10, causeEventId: Town.id("the cause"),
            explanation: whole
                ? Explanation(
                    "规则「有效随手拍」：案卷 MD-20261123-0007（暴露垃圾）立案，10 分。",
                    english: "Rule filed-snapshot: case MD-20261123-0007 (exposed garbage) was filed; 10 points.")
                : Explanation(written: "社区酌情")
        ) { moved in
            guard whole else { return }
            moved.personId = Town.rider
            moved.teamId = "riders-1"
            moved.caseId = Town.caseID
            moved.caseNumber = Town.caseNumber
            moved.ruleId = "filed-snapshot"
            moved.pendingTransferId = "promise-3c9d1a54"
            moved.correctsTransferId = "grant-5b7a"
            moved.orderId = "order-1"
            moved.actorId = "admin-1"
            moved.timeoutAt = Town.minutesLater(600)
        }
    }

    private static func postings(of step: Step, whole: Bool) -> [Posting] {
        let (from, to) = accounts(of: step)
        guard let from, let to else { return [] }
        return [booked(from, -10, number: 4_102, whole: whole), booked(to, 10, number: 3, whole: whole)]
    }

    private static func accounts(of step: Step) -> (from: AccountID?, to: AccountID?) {
        let issued = AccountID("issued:nanchang")
        let pending = AccountID("pending:nanchang:rider-7")
        let available = AccountID("available:nanchang:rider-7")
        let held = AccountID("held:nanchang:rider-7")
        return switch step {
        case .funded: ("funder:nanchang:street", issued)
        case .pended: (issued, pending)
        case .shared: (pending, "pending:nanchang:resident-12")
        case .released: (pending, available)
        case .voided: (pending, issued)
        case .capped: (nil, nil)
        case .awarded: (issued, available)
        case .moved: ("prizes:nanchang", "funder:nanchang:street")
        case .held: (available, held)
        case .posted: (held, "prizes:nanchang")
        case .unheld, .timedOut: (held, available)
        case .refunded: ("prizes:nanchang", available)
        case .expired: (available, "expired:nanchang")
        case .clawedBack, .corrected: (available, issued)
        }
    }

    private static func booked(_ account: AccountID, _ amount: Int, number: Int, whole: Bool) -> Posting {
        let before = ContentHash.sha256(Data("\(account) \(number - 1)".utf8))
        let lots =
            whole
            ? [LotPart(number: amount > 0 ? number : 1, points: 10, expiresAt: Town.minutesLater(525_600))] : nil
        return Posting(
            accountId: account, amount: amount, lots: lots,
            chain: PostingLink(
                number: number, balance: account.rawValue.hasPrefix("funder") ? -40_210 : 30, previous: before,
                accountId: account, amount: amount, lots: lots, transferId: "transfer-3c9d1a54",
                content: ContentHash.sha256(Data("the event".utf8)), time: Town.minutesLater(30)))
    }
}
