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
        ] + PointsMoved.Step.allCases.map(describe) + [accountState]

    private static let accountState = MessageDescriptor(
        .state, on: [TopicCatalogue.accounts], by: ["points"], "An account's balance after each posting.",
        sample: AccountState(
            accountId: "available:nanchang:rider-7", version: 2, ledgerId: Town.ledger, kind: .available,
            personId: Town.rider, balance: 10, hash: ContentHash.sha256(Data("the newest posting".utf8))),
        minimal: AccountState(
            accountId: "funder:nanchang", version: 3, ledgerId: Town.ledger, kind: .funder, personId: nil, balance: -10)
    )

    private static func describe(_ step: PointsMoved.Step) -> MessageDescriptor {
        let purpose =
            switch step {
            case .pended: "Points were promised for a filed report, and cannot be spent yet."
            case .released: "A case closed verified, and the points promised for it can be spent."
            case .voided: "A case came to nothing, and the points promised for it went back to the funder."
            case .capped: "Nothing moved, because the person's day had reached its cap."
            }
        let promise: TransferID? = step == .released || step == .voided ? "promise-3c9d1a54" : nil
        return MessageDescriptor(
            .event, on: [TopicCatalogue.pointsEvents], by: ["points"], purpose,
            sample: PointsMoved.sample(step, ending: promise), minimal: PointsMoved.sample(step, ending: nil))
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
    static func sample(_ step: Step, ending promise: TransferID?) -> PointsMoved {
        PointsMoved(
            step: step, transferId: "transfer-3c9d1a54", ledgerId: Town.ledger, postings: postings(of: step),
            personId: Town.rider, points: 10, caseId: Town.caseID, caseNumber: Town.caseNumber,
            causeEventId: Town.id("the cause"), ruleId: "filed-snapshot",
            explanation: "规则「有效随手拍」：案卷 MD-20261123-0007（暴露垃圾）立案，10 分。", pendingTransferId: promise)
    }

    private static func postings(of step: Step) -> [Posting] {
        let funder = AccountID("funder:nanchang")
        let pending = AccountID("pending:nanchang:rider-7")
        let available = AccountID("available:nanchang:rider-7")
        return switch step {
        case .pended: [booked(funder, -10, number: 4_102), booked(pending, 10, number: 3)]
        case .released: [booked(pending, -10, number: 4), booked(available, 10, number: 2)]
        case .voided: [booked(pending, -10, number: 4), booked(funder, 10, number: 4_103)]
        case .capped: []
        }
    }

    private static func booked(_ account: AccountID, _ amount: Int, number: Int) -> Posting {
        let before = ContentHash.sha256(Data("\(account) \(number - 1)".utf8))
        return Posting(
            accountId: account, amount: amount,
            chain: PostingLink(
                number: number, balance: account.rawValue.hasPrefix("funder") ? -40_210 : 30, previous: before,
                accountId: account, amount: amount, transferId: "transfer-3c9d1a54", time: Town.minutesLater(30)))
    }
}
