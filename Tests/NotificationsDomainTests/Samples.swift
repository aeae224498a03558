import Contracts
import TestSupport

extension Pack {
    /// Words for a few steps, and a webhook of one unit for two kinds of event.
    static func sample(
        templates: [PackTemplate] = [.filed, .dispatched, .overdue, .released],
        webhooks: [PackWebhook] = [.ofUnit1], people: [PackPerson] = [], duties: [PackDuty]? = nil,
        points: PackPoints? = nil, notifications: PackNotifications? = nil
    ) -> Pack {
        Pack(
            name: "sample", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [], units: [], people: people,
            categories: [
                PackCategory(
                    code: "E0102", name: "暴露垃圾", englishName: "Exposed rubbish", kind: .snapshot, filingLimit: "1w",
                    handlingLimit: "4w", keywords: [], gbCode: nil, gbVerified: false)
            ],
            routingRules: [], pointRules: [], templates: templates, webhooks: webhooks,
            mergeDistance: 3_000, duties: duties, points: points, notifications: notifications)
    }
}

extension PackTemplate {
    /// The same by these ways, and whatever else is said of it.
    func by(_ channels: [Channel], _ fill: (inout PackTemplate) -> Void = { _ in }) -> PackTemplate {
        var template = self
        template.channels = channels
        fill(&template)
        return template
    }
}

extension PersonSettingsState {
    /// Of rider-2, with a contact on each of the channels.
    static func sample(reached: [Channel], _ preferences: NotificationPreferences? = nil) -> PersonSettingsState {
        PersonSettingsState(
            personId: "rider-2", version: 1, preferences: preferences,
            contacts: reached.map {
                Contact(
                    contactId: ContactID("contact-\($0.rawValue)"), channel: $0,
                    sealed: SealedContact(keyId: "1", box: "sealed-\($0.rawValue)"))
            })
    }
}

extension PackTemplate {
    static let filed = PackTemplate(
        event: "case.filed", role: .reporter, title: "已立案 {caseNumber}", body: "您上报的{category}已立案。")
    static let dispatched = PackTemplate(
        event: "case.dispatched", role: .handler, title: "新任务 {caseNumber}", body: "{category}，请于 {deadline} 前处置。")
    static let overdue = PackTemplate(
        event: "case.overdue", role: .handler, title: "超时", body: "{caseNumber} 已过 {deadline}。原因：{reason}")
    static let released = PackTemplate(
        event: "points.released", role: .reporter, title: "积分到账 {points}", body: "{caseNumber}：{reason}")
}

extension PackWebhook {
    static let ofUnit1 = PackWebhook(
        unitId: "unit-1", url: "https://units.example/hook", events: ["case.dispatched", "case.overdue"])
}

extension CaseReference {
    static func sample(
        reporters: [PersonID] = ["rider-1", "rider-2"], owner: UnitID? = "unit-1", handler: PersonID? = "worker-1"
    ) -> CaseReference {
        CaseReference(
            caseId: "case-1", caseNumber: "GX-20261123-0007", communityId: "mingdu", ledgerId: "nanchang",
            category: "E0102", kind: .snapshot, reporterIds: reporters, ownerUnitId: owner, handlerId: handler)
    }
}

extension Timestamp {
    /// 2026-11-23 08:15 in Nanchang.
    static let morning = Timestamp(milliseconds: 1_795_392_900_000)
}

extension MessageID {
    static func named(_ name: String) -> MessageID { MessageID(namespace: .suishoupai, name: name) }
}

extension NotifiableEvent {
    static func step(
        _ step: CaseChanged.Step, of reference: CaseReference = .sample(), reason: String? = nil,
        agrees: Bool? = nil, deadline: Timestamp? = nil, details: StepDetails? = nil
    ) -> NotifiableEvent {
        .aboutCase(
            .changed(
                CaseChanged(
                    step: step, case: reference, at: .morning, actorId: "dispatcher-1", reason: reason,
                    agrees: agrees, deadline: deadline, details: details)))
    }

    static let opened = NotifiableEvent.aboutCase(
        .opened(
            CaseOpened(
                caseId: "case-1", caseNumber: "GX-20261123-0007", reportId: "report-1", communityId: "mingdu",
                ledgerId: "nanchang", category: "E0102", kind: .snapshot, reporterId: "rider-1",
                ownerUnitId: "unit-1", handlerId: "worker-1",
                location: Location(latitudeE7: 286_820_000, longitudeE7: 1_158_580_000), submittedAt: .morning,
                openedAt: .morning, routing: "规则一", flagged: nil)))

    static let joined = NotifiableEvent.aboutCase(
        .reportJoined(ReportJoined(case: .sample(), reportId: "report-2", reporterId: "rider-2", distance: 800)))

    static let transferred = NotifiableEvent.aboutCase(
        .transferred(
            CaseTransferred(
                case: .sample(), toCommunityId: "longjiang", reportIds: ["report-1"], at: .morning,
                actorId: "dispatcher-1", reason: "不在本社区")))

    static func amended(
        _ amendment: Amendment, stage: CaseStage, text: String? = "又多了一堆", of reference: CaseReference = .sample()
    ) -> NotifiableEvent {
        .aboutCase(
            .reportAmended(
                CaseReportAmended(
                    case: reference, reportId: "report-1", actorId: "rider-1", amendment: amendment, stage: stage,
                    text: text, address: nil, photos: nil, externalStatus: nil, at: .morning)))
    }

    static let reclassified = NotifiableEvent.aboutCase(
        .reclassified(
            CaseReclassified(
                case: .sample(), previousCategory: "E0103", suggested: nil, at: .morning, actorId: "dispatcher-1",
                reason: "是垃圾")))

    static func points(_ step: PointsMoved.Step) -> NotifiableEvent {
        .aboutPoints(
            PointsMoved(
                step: step, transferId: "transfer-1", ledgerId: "nanchang", points: 10, causeEventId: .named("cause"),
                explanation: "核查通过并结案。"
            ) {
                $0.personId = "rider-1"
                $0.caseId = "case-1"
                $0.caseNumber = "GX-20261123-0007"
                $0.ruleId = "filed"
            })
    }

    /// A promise divided anew, with what each holder's part became more or less.
    static func shared(_ parts: [String: Int], gainer: PersonID?) -> NotifiableEvent {
        .aboutPoints(
            PointsMoved(
                step: .shared, transferId: "transfer-2", ledgerId: "nanchang",
                postings: parts.sorted { $0.key < $1.key }.map {
                    Posting(accountId: AccountID("pending:nanchang:\($0.key)"), amount: $0.value)
                } + [Posting(accountId: "issued:nanchang", amount: -parts.values.reduce(0, +))],
                points: 4, causeEventId: .named("cause"), explanation: "共 10 分重新分配。"
            ) {
                $0.personId = gainer
                $0.caseId = "case-1"
                $0.caseNumber = "GX-20261123-0007"
            })
    }

    static func notice(_ step: NoticeChanged.Step, taken: Int? = nil) -> NotifiableEvent {
        .aboutNotice(
            NoticeChanged(
                step: step, noticeId: "notice-1", ledgerId: "nanchang", personId: "rider-1",
                transferIds: ["transfer-1"], points: 10, taken: taken, signalId: nil,
                // 2026-12-09 00:00 in Nanchang.
                objectionUntil: Timestamp(milliseconds: 1_796_745_600_000), at: .morning, actorId: "dispatcher-1",
                reason: "照片重复"))
    }

    static func order(_ step: OrderChanged.Step, by actor: PersonID? = "rider-1") -> NotifiableEvent {
        .aboutOrder(
            OrderChanged(
                step: step, orderId: "order-1", ledgerId: "nanchang", stationId: "mingdu-station", personId: "rider-1",
                teamId: nil, lines: [PrizeCount(prizeId: "helmet", count: 1)], points: 80, stage: .placed,
                at: .morning, actorId: actor, expiresAt: .morning))
    }

    func notify(_ recipient: PersonID, _ role: AudienceRole, id: String = "event") -> Notify {
        Notify(
            event: Envelope(self, id: .named(id), source: "/case-routing/0", time: .morning), recipientId: recipient,
            role: role)
    }
}
