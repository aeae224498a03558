private typealias Town = SampleTown

extension MessageCatalogue {
    /// What platforms write themselves.
    static let platformReports: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.platformReports], by: TopicCatalogue.outsiders,
            "A rider platform tells of a report.",
            sample: PlatformReport(
                kind: .snapshot, category: Town.garbage, description: "3 栋楼下垃圾堆积，挡住了通道",
                location: place(datum: "gcj02"), address: "名都小区 3 栋东侧", landmark: "mingdu-east-gate",
                observedAt: Town.minutesLater(-2), externalId: "mt-20261123-81",
                reporterId: Town.rider, photos: [PhotoID(PlatformKey.hash(of: "a photo"))],
                voiceNotes: [VoiceNoteID(PlatformKey.hash(of: "a voice note"))],
                answers: ["blocked": .several(["passage", "door"]), "since": .one("昨天")],
                capture: PlatformReport.GivenCapture(
                    nonce: "AQAAAaIEuLXaQ5Jp7mJmPjxC0bEZz3l0Wk1t2u3v4w5x6y7z8A9B-C_DeFgHiJk0",
                    capturedAt: Town.minutesLater(-2), location: place(datum: "gcj02"), accuracy: 15,
                    speed: 0.5),
                identity: .confidential, idempotencyKey: "81-1", supports: Town.otherCaseID),
            minimal: PlatformReport(description: "路灯不亮", location: nil))
    ]

    private static func place(datum: String?) -> PlatformReport.GivenPlace {
        PlatformReport.GivenPlace(latitude: Town.place.latitude, longitude: Town.place.longitude, datum: datum)
    }
}
