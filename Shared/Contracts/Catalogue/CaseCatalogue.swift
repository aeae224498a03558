private typealias Town = SampleTown

extension MessageCatalogue {
    static let reports: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.reports], by: ["report-intake"],
            "A report 随手拍 or a request 直通车 was accepted and stored.",
            sample: Town.submitted, minimal: Town.submittedInFewWords),
        MessageDescriptor(
            .event, on: [TopicCatalogue.reports], by: ["report-intake"],
            "A reporter added to a report, changed it or took it back.",
            sample: Town.amended, minimal: Town.withdrawn),
        MessageDescriptor(
            .event, on: [TopicCatalogue.platformReceipts], by: ["report-intake"],
            "Tells a platform what became of a report that it wrote to platform-reports.v1.",
            sample: PlatformReceipt(
                platform: "meituan", externalId: "mt-20261123-81", partition: 2, offset: 4_711, status: .accepted,
                reportId: Town.report, communityId: Town.community,
                errors: [PlatformReceipt.Fault(field: "location.latitude", message: "must be from -90 to 90")],
                retry: false,
                emergency: PlatformReceipt.Emergency(
                    call: ["119"], words: ["着火"], advice: "请立即拨打 119。 Call 119 now."),
                nearestCommunity: NearestCommunity(id: Town.community, name: "名都", distance: 120),
                sealedFollow: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ"),
            minimal: PlatformReceipt(
                platform: nil, externalId: nil, partition: 2, offset: 4_712, status: .rejected)),
    ]

    static let cases: [MessageDescriptor] = caseCommands + caseEvents + caseSteps + caseStates + caseRates

    private static let caseCommands: [MessageDescriptor] = [
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["case-routing"],
            "Gives routing a report to open or find a case for.",
            sample: RegisterReport(report: Town.enclosed(Town.submitted, from: "report-intake")),
            minimal: RegisterReport(report: Town.enclosedFirst(Town.submittedInFewWords, from: "report-intake"))),
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["case-routing"],
            "Gives routing what a reporter did with a report later.",
            sample: AmendReport(amendment: Town.enclosed(Town.amended, from: "report-intake")),
            minimal: AmendReport(amendment: Town.enclosedFirst(Town.withdrawn, from: "report-intake"))),
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["case-routing"],
            "Carries a report to the community that a person sent it to.",
            sample: ReportTransferred(
                report: Town.enclosed(Town.submitted, from: "report-intake"), toCommunityId: "longjiang",
                fromCaseId: Town.caseID, firstStamp: Town.morning, hop: 1),
            minimal: ReportTransferred(
                report: Town.enclosedFirst(Town.submittedInFewWords, from: "report-intake"), toCommunityId: "longjiang",
                fromCaseId: Town.caseID, firstStamp: Town.morning, hop: 1)),
        MessageDescriptor(
            .command, on: [TopicCatalogue.caseCommands], by: ["portal"],
            "Asks for a step of a case in a person's name.",
            sample: ActOnCase(
                caseId: Town.caseID, communityId: Town.community, action: .dispatch,
                actor: Town.actor(Town.dispatcher, "dispatcher"), reason: "物业值班人员在岗", unitId: Town.property,
                handlerId: Town.worker, agrees: true, toCommunityId: "longjiang", category: Town.garbage,
                details: actionDetails, notAfter: Town.minutesLater(5)),
            minimal: ActOnCase(
                caseId: Town.caseID, communityId: Town.community, action: .file,
                actor: Town.actor(Town.dispatcher, "dispatcher"))),
    ]

    private static let actionDetails = StepDetails {
        $0.photos = Town.photos
        $0.until = Town.minutesLater(90)
        $0.limit = "2d"
        $0.unitIds = [Town.property]
        $0.party = "市电信分公司"
        $0.linkHash = PlatformKey.hash(of: "a link")
        $0.satisfied = true
        $0.solved = true
        $0.otherCaseId = Town.otherCaseID
        $0.reportIds = [Town.report]
    }

    private static let caseEvents: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"], "A report opened a new case 案卷建立.",
            sample: CaseEvent.opened(
                opened(
                    owner: Town.property, handler: Town.worker, flagged: "转交超过 5 次，请调度员查看",
                    earlier: Town.otherCaseID)
            ).linked,
            minimal: CaseEvent.opened(opened(owner: nil, handler: nil, flagged: nil)).unlinked),
        MessageDescriptor(
            .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"],
            "A report of the same problem joined an open case.",
            sample: CaseEvent.reportJoined(joined(Town.reference, Town.match)).linked,
            minimal: CaseEvent.reportJoined(joined(Town.unownedReference)).unlinked),
        MessageDescriptor(
            .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"],
            "A reporter added to a report of a case, changed it or took it back.",
            sample: CaseEvent.reportAmended(amended(Town.reference, by: Town.amended)).linked,
            minimal: CaseEvent.reportAmended(amended(Town.unownedReference, by: Town.withdrawn)).unlinked),
        MessageDescriptor(
            .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"],
            "A person put a case under another category.",
            sample: CaseEvent.reclassified(reclassified(Town.reference, suggested: "E0103")).linked,
            minimal: CaseEvent.reclassified(reclassified(Town.unownedReference, suggested: nil)).unlinked),
    ]

    private static let caseSteps: [MessageDescriptor] =
        CaseChanged.Step.allCases.map { step in
            MessageDescriptor(
                .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"], step.purpose,
                sample: CaseEvent.changed(step.sample).linked,
                minimal: CaseEvent.changed(
                    CaseChanged(step: step, case: Town.unownedReference, at: Town.morning, actorId: nil)
                ).unlinked)
        } + [
            MessageDescriptor(
                .event, on: [TopicCatalogue.caseEvents], by: ["case-routing"],
                "A case ended because it belongs to another community.",
                sample: CaseEvent.transferred(transferred(Town.reference, reason: "属于龙江社区")).linked,
                minimal: CaseEvent.transferred(transferred(Town.unownedReference, reason: nil)).unlinked)
        ]

    private static let caseStates: [MessageDescriptor] = [
        MessageDescriptor(
            .state, on: [TopicCatalogue.cases], by: ["case-routing"], "A case as it stands after each change.",
            sample: caseState, minimal: plainCaseState),
        MessageDescriptor(
            .state, on: [TopicCatalogue.openCases], by: ["case-routing"],
            "What everybody may know of a case, after each change of it.",
            sample: OpenCaseState(caseState), minimal: OpenCaseState(plainCaseState)),
    ]

    private static func opened(
        owner: UnitID?, handler: PersonID?, flagged: String?, earlier: CaseID? = nil
    ) -> CaseOpened {
        CaseOpened(
            caseId: Town.caseID, caseNumber: Town.caseNumber, reportId: Town.report, communityId: Town.community,
            ledgerId: Town.ledger, category: Town.garbage, kind: .snapshot, reporterId: Town.rider, ownerUnitId: owner,
            handlerId: handler, location: Town.place, submittedAt: Town.morning, openedAt: Town.morning,
            routing: "规则 R11：暴露垃圾，名都小区内 → 名都物业（小区内由物业负责）；2 人中 worker-3 最少（0 件） / "
                + "rule R11: E0102 inside mingdu-compound → mingdu-property (because 小区内由物业负责); of 2, worker-3 has fewest (0)",
            flagged: flagged, splitFrom: earlier, recurrenceOf: earlier,
            made: earlier.map { _ in Town.made }, gridId: earlier.map { _ in Town.grid })
    }

    private static func joined(_ reference: CaseReference, _ match: CaseMatch? = nil) -> ReportJoined {
        ReportJoined(
            case: reference, reportId: Town.secondReport, reporterId: Town.resident, distance: 812, match: match,
            made: match.map { _ in Town.made })
    }

    private static func transferred(_ reference: CaseReference, reason: String?) -> CaseTransferred {
        CaseTransferred(
            case: reference, toCommunityId: "longjiang", reportIds: [Town.report], at: Town.minutesLater(20),
            actorId: Town.dispatcher, reason: reason)
    }

    private static func amended(_ reference: CaseReference, by amendment: ReportAmended) -> CaseReportAmended {
        CaseReportAmended(
            case: reference, reportId: amendment.reportId, actorId: amendment.actorId,
            amendment: amendment.amendment, stage: .opened, text: amendment.text, address: amendment.address,
            photos: amendment.photos, externalStatus: amendment.externalStatus, at: Town.minutesLater(5))
    }

    private static func reclassified(_ reference: CaseReference, suggested: CategoryCode?) -> CaseReclassified {
        CaseReclassified(
            case: reference, previousCategory: "E0103", suggested: suggested, at: Town.minutesLater(10),
            actorId: Town.dispatcher, reason: "照片上是暴露垃圾，不是积存渣土",
            routing: suggested == nil
                ? nil : "规则 R11：暴露垃圾，名都小区内 → 名都物业 / rule R11: E0102 inside mingdu-compound → mingdu-property",
            deadline: suggested == nil ? nil : Town.minutesLater(240), isOverdue: suggested == nil ? nil : false)
    }

    private static let caseState = CaseState(
        caseId: Town.caseID, version: 6, caseNumber: Town.caseNumber, communityId: Town.community,
        ledgerId: Town.ledger, kind: .snapshot, category: Town.garbage, stage: .closed,
        description: "3 栋楼下垃圾堆积，挡住了通道", address: "名都小区 3 栋东侧", location: Town.place,
        reportIds: [Town.report, Town.secondReport], reporterIds: [Town.rider, Town.resident],
        ownerUnitId: Town.property, handlerId: Town.worker, submittedAt: Town.morning, openedAt: Town.morning,
        deadline: Town.minutesLater(240), isOverdue: false, closedAt: Town.minutesLater(90), reworks: 1, returns: 0,
        reopens: 0, flagged: "转交超过 5 次，请调度员查看", ended: true,
        photos: [PhotoID(PlatformKey.hash(of: "a photo"))],
        voiceNotes: [VoiceNote(id: VoiceNoteID(PlatformKey.hash(of: "a voice note")), seconds: 12)], course: course,
        chain: CaseChain(number: Town.link.number, hash: Town.link.hash),
        stageChange: CaseState.StageChange(version: 5, at: Town.minutesLater(90)), gridId: Town.grid)

    private static let course = CaseCourse {
        $0.filingDeadline = Town.minutesLater(60)
        $0.filingOverdueAt = Town.minutesLater(61)
        $0.dispatchDeadline = Town.minutesLater(92)
        $0.dispatchOverdueAt = Town.minutesLater(93)
        $0.verificationDeadline = Town.minutesLater(330)
        $0.verificationOverdueAt = Town.minutesLater(331)
        $0.madeSafeAt = Town.minutesLater(45)
        $0.acceptedAt = Town.minutesLater(40)
        $0.keptBy = "sanitation"
        $0.keptDeadline = Town.minutesLater(180)
        $0.restsUntil = Town.minutesLater(4_320)
        $0.extensionAsked = "2d"
        $0.level = 2
        $0.party = "市电信分公司"
        $0.linkHash = PlatformKey.hash(of: "a link")
        $0.partyUntil = Town.minutesLater(4_320)
        $0.workPhotos = Town.photos.map(\.id)
        $0.ratings = [
            CaseCourse.Rating(reporterId: Town.rider, at: Town.minutesLater(95), satisfied: true, solved: true)
        ]
        $0.coOwners = [
            CaseCourse.CoOwner(
                unitId: "telecom", deadline: Town.minutesLater(600), isOverdue: false, handledAt: Town.minutesLater(80))
        ]
        $0.whistle = CaseCourse.Whistle(
            at: Town.minutesLater(50), until: Town.minutesLater(90), called: [Town.property, "fire-rescue"],
            present: [Town.property], ended: true)
        $0.mergedInto = Town.otherCaseID
        $0.parentId = Town.otherCaseID
        $0.proposedSame = [CaseCourse.Proposal(caseId: Town.otherCaseID, match: Town.match)]
        $0.recurrenceOf = Town.otherCaseID
        $0.campaignId = "b2f6a0d4-1c58-5e93-8a7b-0d94c6e1f352"
        $0.question = "是 3 栋东侧还是西侧？"
    }

    private static let plainCaseState = CaseState(
        caseId: Town.caseID, version: 1, caseNumber: Town.caseNumber, communityId: Town.community,
        ledgerId: Town.ledger, kind: .request, category: Town.garbage, stage: .opened, description: "路灯不亮",
        address: nil, location: Town.place, reportIds: [Town.report], reporterIds: [Town.rider], ownerUnitId: nil,
        handlerId: nil, submittedAt: Town.morning, openedAt: Town.morning, deadline: nil, isOverdue: false,
        closedAt: nil, reworks: 0, returns: 0, reopens: 0, flagged: nil, ended: false)
}
