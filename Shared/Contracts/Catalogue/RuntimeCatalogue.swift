import Foundation

private typealias Town = SampleTown

extension MessageCatalogue {
    /// What every processor reads and answers, whatever its rules are.
    static let runtime: [MessageDescriptor] = [
        MessageDescriptor(
            .command, on: commandTopics, by: TopicCatalogue.processors,
            "A timer's moment has come by its owner's wall clock.",
            sample: TimerDue(
                timerId: "handling|3c9d1a54", kind: "handling-deadline", about: Town.caseID.rawValue,
                dueAt: Town.minutesLater(240))),
        MessageDescriptor(
            .command, on: commandTopics + [TopicCatalogue.reference], by: ["suishoupai"],
            "Carries one slice of a pack.",
            sample: PackPart(packHash: Pack.hash(of: packJSON), index: 0, count: 1, content: packJSON)),
        MessageDescriptor(
            .command, on: commandTopics + [TopicCatalogue.reference], by: ["suishoupai"],
            "Puts a pack in force, all of whose parts came before.",
            sample: PackActivated(
                packHash: Pack.hash(of: packJSON), packName: "nanchang", packVersion: 1, partCount: 1)),
        MessageDescriptor(
            .command, on: commandTopics, by: TopicCatalogue.processors,
            "From here on the processor decides by this logic.",
            sample: LogicActivated(processor: "case-routing", logic: 2)),
        MessageDescriptor(
            .event, on: eventTopics, by: TopicCatalogue.processors,
            "A partition of a processor answers that a pack is in force there.",
            sample: PackTookEffect(packHash: Pack.hash(of: packJSON), processor: "case-routing", partition: 3)),
        MessageDescriptor(
            .event, on: eventTopics, by: TopicCatalogue.processors,
            "A command was refused, with the reason for the person who asked.",
            sample: CommandRefused(
                commandId: Town.id("the cause"), commandType: "case.act", code: "wrong-stage",
                reason: "案卷已结案，不能派遣", allowed: ["reopen"])),
        MessageDescriptor(
            .event, on: eventTopics, by: TopicCatalogue.processors,
            "A command could not be processed and lies among the dead letters.",
            sample: CommandFailed(
                commandId: Town.id("the cause"), commandType: "case.act",
                reason: "malformed message: 'data.actor' is missing")),
        MessageDescriptor(
            .event, on: eventTopics, by: TopicCatalogue.processors,
            "A command was taken note of, and there was nothing else to say.",
            sample: CommandApplied(commandId: Town.id("the cause"), commandType: "timer.due")),
    ]

    /// What everybody may know of a pack.
    static let openReference: [MessageDescriptor] = [
        MessageDescriptor(
            .state, on: [TopicCatalogue.openReference], by: ["suishoupai"],
            "What everybody may know of the pack in force.",
            sample: OpenReferenceState(Town.pack, hash: Pack.hash(of: packJSON)),
            minimal: OpenReferenceState(Town.plainPack, hash: Pack.hash(of: packJSON)))
    ]

    /// Who may report for others.
    static let platforms: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.reference], by: ["suishoupai"], "A platform may report with a key.",
            sample: PlatformKeyGranted(
                keyId: "k-3f9a2c71", platform: "meituan", hash: PlatformKey.hash(of: "a sample"), perMinute: 600),
            minimal: PlatformKeyGranted(
                keyId: "k-3f9a2c71", platform: "meituan", hash: PlatformKey.hash(of: "a sample"), perMinute: nil)),
        MessageDescriptor(
            .event, on: [TopicCatalogue.reference], by: ["suishoupai"],
            "A platform's key is no longer good from a moment on.",
            sample: PlatformKeyRevoked(keyId: "k-3f9a2c71", from: Town.minutesLater(1_440))),
    ]

    /// What the programs tell each other about the log itself.
    static let log: [MessageDescriptor] = [
        MessageDescriptor(
            .system, on: [TopicCatalogue.logIdentity], by: ["embedded-broker", "suishoupai"],
            "Says which log this is.", sample: LogIdentity(id: Town.log, first: true)),
        MessageDescriptor(
            .system, on: [TopicCatalogue.control], by: sources,
            "Says how far a source has written each of its streams.",
            sample: RowsAnnounced(
                sourceStore: "case-routing/3", log: Town.log,
                streams: [RowsAnnounced.Stream(topic: "case-events.v1", partition: 3, lastRow: 128)])),
        MessageDescriptor(
            .system, on: [TopicCatalogue.control], by: sources, "A reader asks a source for rows that it misses.",
            sample: RowsAsked(
                sourceStore: "case-routing/3", topic: "case-events.v1", partition: 3, fromRow: 120, reader: "points/1")),
        MessageDescriptor(
            .system, on: [TopicCatalogue.control], by: ["suishoupai"],
            "An operator wants records of a topic to be published once more.",
            sample: ReplayAsked(
                topic: "case-events.v1", from: Town.minutesLater(0), to: Town.minutesLater(240), onlyLast: false),
            minimal: ReplayAsked(topic: "cases.v1", onlyLast: true)),
        MessageDescriptor(
            .system, on: [TopicCatalogue.control], by: TopicCatalogue.processors,
            "A store has published once more what it was asked for.",
            sample: ReplayEnded(
                askId: Town.id("the ask"), sourceStore: "case-routing/3", topic: "case-events.v1", partition: 3,
                records: 128)),
        MessageDescriptor(
            .system, on: [TopicCatalogue.control], by: ["suishoupai"],
            "An operator took a record out of the way that stopped its processor.",
            sample: RecordSkipped(
                log: Town.log, topic: "case-commands.v1", partition: 3, offset: 4_711,
                reason: "ends the process each time")),
        MessageDescriptor(
            .system, on: [TopicCatalogue.control], by: ["suishoupai"],
            "An operator said what is to become of a dead letter.",
            sample: DeadLetterHandled(
                store: "case-routing/3", number: 128, how: .retried, reason: "the pack lacked a part, it is there now",
                by: "lin", commandId: Town.id("the retry")),
            minimal: DeadLetterHandled(
                store: "case-routing/3", number: 128, how: .discarded, reason: "sent by mistake", by: "lin")),
    ]

    private static let commandTopics = [
        TopicCatalogue.caseCommands, TopicCatalogue.pointsCommands, TopicCatalogue.notificationCommands,
    ]
    private static let eventTopics = [
        TopicCatalogue.caseEvents, TopicCatalogue.pointsEvents, TopicCatalogue.notificationEvents,
    ]
    private static let sources = ["case-routing", "points", "notifications", "portal", "report-intake"]
    private static let packJSON = Data(#"{"name":"nanchang"}"#.utf8)
}
