/// The people, places and moments of the sample messages: one morning in a made-up case of the demo town.
enum SampleTown {
    static let community = CommunityID("mingdu")
    static let ledger = LedgerID("nanchang")
    static let property = UnitID("mingdu-property")
    static let rider = PersonID("rider-7")
    static let resident = PersonID("resident-12")
    static let worker = PersonID("worker-3")
    static let dispatcher = PersonID("dispatcher-1")
    static let garbage = CategoryCode("E0102")
    static let place = Location(latitudeE7: 286_837_001, longitudeE7: 1_159_042_002)
    static let report = ReportID("0f7d3c52-5a0b-5d0c-8f43-6b1f2a9e7c11")
    static let secondReport = ReportID("b8a4e6f0-92c1-5b77-a6d5-1c3e5f708192")
    static let caseID = CaseID("3c9d1a54-7e20-5f18-9b6a-d4c2e8f01735")
    static let otherCaseID = CaseID("8f2c6b1e-4d37-5a90-b5c8-07e1a94d6f23")
    static let photos = [ReportPhoto(id: PhotoID(PlatformKey.hash(of: "a photo")), look: "7c3e1f0f870783c1")]
    static let match = CaseMatch(score: 870, reasons: ["距离 8 米 +460 / 8 m apart +460"])
    static let caseNumber = "MD-20261123-0007"
    static let link = CaseLink(
        number: 6, previous: PlatformKey.hash(of: "the link before"), content: PlatformKey.hash(of: "the data"),
        hash: PlatformKey.hash(of: "the link"))
    static let log = "7d1b5a3e-9c42-4f6d-8e10-2b3c4d5e6f70"
    static let traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    /// 2026-11-23T00:15:00.250Z, a quarter past eight in Nanchang.
    static let morning = Timestamp(milliseconds: 1_795_392_900_250)

    static func minutesLater(_ minutes: Int64) -> Timestamp {
        morning.adding(milliseconds: minutes * 60_000)
    }

    static func id(_ name: String) -> MessageID {
        MessageID(namespace: .suishoupai, name: "sample|\(name)")
    }

    static func actor(_ person: PersonID, _ role: String) -> Actor {
        Actor(personId: person, roles: [role])
    }

    /// The case as its events carry it; once nobody owns it yet.
    static let reference = CaseReference(
        caseId: caseID, caseNumber: caseNumber, communityId: community, ledgerId: ledger, category: garbage,
        kind: .snapshot, reporterIds: [rider, resident], ownerUnitId: property, handlerId: worker)
    static let unownedReference = CaseReference(
        caseId: caseID, caseNumber: caseNumber, communityId: community, ledgerId: ledger, category: garbage,
        kind: .snapshot, reporterIds: [rider], ownerUnitId: nil, handlerId: nil)

    static let submitted = ReportSubmitted(
        reportId: report, communityId: community, kind: .snapshot, category: garbage, description: "3 栋楼下垃圾堆积，挡住了通道",
        location: place, address: "名都小区 3 栋东侧", observedAt: minutesLater(-2), submittedAt: morning, reporterId: rider,
        channel: "rider-app",
        photos: [ReportPhoto(id: PhotoID(PlatformKey.hash(of: "a photo")), look: "7c3e1f0f870783c1")],
        suggestedCategory: SuggestedCategory(category: garbage, words: ["垃圾堆积", "垃圾"], sureness: 83), datum: "gcj02",
        identity: ReportIdentity.confidential.rawValue,
        voiceNotes: [VoiceNote(id: VoiceNoteID(PlatformKey.hash(of: "a voice note")), seconds: 12)],
        answers: [ReportAnswer(code: "blocked", values: ["passage", "door"])],
        packHash: PlatformKey.hash(of: "a pack"), landmarkId: "mingdu-east-gate",
        capture: CaptureProof(
            openedAt: minutesLater(-3), capturedAt: minutesLater(-2), distance: 640, accuracy: 15,
            signals: [CaptureSignal.farAway.rawValue]),
        nearestCommunity: NearestCommunity(id: community, name: "名都", distance: 120), supports: otherCaseID)
    static let made = ReportMade(submitted)
    static let submittedInFewWords = ReportSubmitted(
        reportId: report, communityId: .unassigned, kind: .request, category: nil, description: "路灯不亮",
        location: place, address: nil, observedAt: nil, submittedAt: morning, reporterId: rider, channel: nil)

    static let amended = ReportAmended(
        reportId: report, communityId: community, amendment: .edited, text: "3 栋和 4 栋楼下都有垃圾堆积", address: "名都小区 3 栋东侧",
        photos: [ReportPhoto(id: PhotoID(PlatformKey.hash(of: "a photo")), look: "7c3e1f0f870783c1")],
        externalStatus: "OPEN", actorId: rider, submittedAt: minutesLater(4))
    static let withdrawn = ReportAmended(
        reportId: report, communityId: .unassigned, amendment: .withdrawn, text: nil, address: nil, photos: nil,
        externalStatus: nil, actorId: rider, submittedAt: minutesLater(4))

    /// A message that another one carries.
    static func enclosed<Enclosed: Payload>(_ data: Enclosed, from program: String) -> Envelope<Enclosed> {
        Envelope(
            attributes: MessageAttributes(
                id: id("enclosed \(data.messageType)"), source: "/\(program)/1", type: data.messageType,
                version: data.messageVersion, subject: data.messageSubject, time: morning,
                correlationID: id("the first of the chain"), causationID: id("the cause"), traceParent: traceParent),
            data: data)
    }

    static func enclosedFirst<Enclosed: Payload>(_ data: Enclosed, from program: String) -> Envelope<Enclosed> {
        Envelope(data, id: id("enclosed \(data.messageType)"), source: "/\(program)/1", time: morning)
    }
}
