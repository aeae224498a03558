private typealias Town = SampleTown

extension MessageCatalogue {
    /// Hours served, what may be taken back, and what looks odd.
    static let fairness: [MessageDescriptor] =
        [
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
                "Enters served time in the book of hours 志愿服务时长, or takes an entry back.",
                sample: record(whole: true), minimal: record(whole: false)),
            MessageDescriptor(
                .event, on: [TopicCatalogue.pointsEvents], by: ["points"],
                "An entry of the book of hours, which is kept apart from points.", sample: recorded(whole: true),
                minimal: recorded(whole: false)),
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
                "Tells somebody that points are to be taken back 告知, and why.", sample: give(whole: true),
                minimal: give(whole: false)),
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
                "Answers a notice: the person objects 申诉, or another decides.",
                sample: answer(notAfter: Town.minutesLater(5)), minimal: answer(notAfter: nil)),
            MessageDescriptor(
                .event, on: [TopicCatalogue.pointsEvents], by: ["points"],
                "Something odd about points 异常线索, for a person to look at; nobody is fined by it.",
                sample: SignalRaised(
                    signalId: "signal-1", ledgerId: Town.ledger, kind: .burst, personIds: [Town.rider],
                    caseIds: [Town.caseID, Town.otherCaseID], explanation: "10 分钟内上报 6 次，阈值 6 次。",
                    at: Town.minutesLater(30))),
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
                "Says what a person found behind a signal.", sample: review(notAfter: Town.minutesLater(5)),
                minimal: review(notAfter: nil)),
            MessageDescriptor(
                .event, on: [TopicCatalogue.pointsEvents], by: ["points"], "A person looked at a signal.",
                sample: SignalReviewed(
                    signalId: "signal-1", ledgerId: Town.ledger, founded: false, reason: "暴雨后集中排查，属实",
                    at: Town.minutesLater(90), actorId: Town.dispatcher)),
        ] + NoticeChanged.Step.allCases.map(describe)

    private static let dispatcher = Actor(personId: Town.dispatcher, roles: ["dispatcher"])

    private static func record(whole: Bool) -> RecordHours {
        RecordHours(
            recordId: "hours-1", ledgerId: Town.ledger, personId: Town.rider, teamId: whole ? "riders-1" : nil,
            taskId: "night-patrol", minutes: 120, servedAt: Town.morning, reverses: whole ? "hours-0" : nil,
            reason: whole ? "登记重复" : nil, actor: dispatcher, notAfter: whole ? Town.minutesLater(5) : nil)
    }

    private static func recorded(whole: Bool) -> HoursRecorded {
        HoursRecorded(
            recordId: "hours-1", ledgerId: Town.ledger, personId: Town.rider, teamId: whole ? "riders-1" : nil,
            taskId: "night-patrol", minutes: 120, servedAt: Town.morning, total: 600,
            reverses: whole ? "hours-0" : nil, transferId: whole ? "transfer-3c9d1a54" : nil,
            actorId: Town.dispatcher, reason: whole ? "登记重复" : nil)
    }

    private static func give(whole: Bool) -> GiveNotice {
        GiveNotice(
            noticeId: "notice-1", ledgerId: Town.ledger, personId: Town.rider, transferIds: ["transfer-3c9d1a54"],
            reason: "三张照片与 11 月 2 日的上报相同", signalId: whole ? "signal-1" : nil, actor: dispatcher,
            notAfter: whole ? Town.minutesLater(5) : nil)
    }

    private static func answer(notAfter: Timestamp?) -> AnswerNotice {
        AnswerNotice(
            noticeId: "notice-1", ledgerId: Town.ledger, answer: .object, reason: "同一处垃圾又堆起来了",
            actor: Town.actor(Town.rider, "rider"), notAfter: notAfter)
    }

    private static func review(notAfter: Timestamp?) -> ReviewSignal {
        ReviewSignal(
            signalId: "signal-1", ledgerId: Town.ledger, founded: false, reason: "暴雨后集中排查，属实", actor: dispatcher,
            notAfter: notAfter)
    }

    private static func describe(_ step: NoticeChanged.Step) -> MessageDescriptor {
        let purpose =
            switch step {
            case .given: "Somebody was told that points are to be taken back, and may object."
            case .objected: "The person objected to a notice 申诉."
            case .upheld: "A notice stands: the points were taken back."
            case .dismissed: "A notice fell: nothing is taken."
            case .lapsed: "Nobody objected to a notice in time: the points were taken back."
            }
        return MessageDescriptor(
            .event, on: [TopicCatalogue.pointsEvents], by: ["points"], purpose, sample: notice(step, whole: true),
            minimal: notice(step, whole: false))
    }

    private static func notice(_ step: NoticeChanged.Step, whole: Bool) -> NoticeChanged {
        NoticeChanged(
            step: step, noticeId: "notice-1", ledgerId: Town.ledger, personId: Town.rider,
            transferIds: ["transfer-3c9d1a54"], points: 10, taken: whole ? 10 : nil,
            signalId: whole ? "signal-1" : nil, objectionUntil: Town.minutesLater(21_600), at: Town.minutesLater(30),
            actorId: whole ? Town.dispatcher : nil, reason: whole ? "三张照片与 11 月 2 日的上报相同" : nil)
    }
}
