import Contracts
import EventProcessing
import Foundation
import Notifications
import TestSupport
import Testing

@Test(arguments: SeededGenerator.seeds(5, 6, fresh: 3))
func `two runs over one history give the same machine and the same bytes`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var values = try Log.pack()
    for number in 0..<60 {
        let step = CaseChanged.Step.allCases.randomElement(using: &random) ?? .filed
        values += try Log.commands(of: Log.event(step, id: "event-\(number / 2)"))
        values.append(try markRead(.filed, event: "event-\(number / 3)", by: "rider-1", id: "read-\(number)"))
    }

    let first = try await applied(values, batch: 1)
    let second = try await applied(values, batch: 50)

    #expect(first.digest == second.digest, "seed \(seed)")
    #expect(first.outputs == second.outputs, "seed \(seed)")
    #expect(!first.outputs.contains { $0.topic == "notifications-dead-letters.v1" }, "seed \(seed)")
}

@Test(arguments: SeededGenerator.seeds(5, 6, fresh: 3))
func `in whatever order and however often commands come, everybody is told once`(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let commands = try [CaseChanged.Step.dispatched, .overdue, .closed, .reopened].flatMap { step in
        try Log.commands(of: Log.event(step, id: "event-\(step)", handler: "rider-1"))
    }
    let shuffled = (commands + commands + commands).shuffled(using: &random)

    let straight = try await applied(Log.pack() + commands)
    let mixed = try await applied(Log.pack() + shuffled)

    #expect(mixed.told == straight.told, "seed \(seed)")
    #expect(mixed.deliveries == straight.deliveries, "seed \(seed)")
    let messages = try mixed.states()
    #expect(Set(messages.map(\.messageId)).count == messages.count, "seed \(seed)")
    #expect(messages.count + mixed.deliveries.count == mixed.told.count, "seed \(seed)")
}

@Test func `a message is written, told of, and marked as read by its recipient only`() async throws {
    let values =
        try Log.pack() + Log.commands(of: Log.event(.filed)) + [
            markRead(.filed, event: "event", by: "rider-2", id: "by another"),
            markRead(.filed, event: "event", by: "rider-1", id: "first"),
            markRead(.filed, event: "event", by: "rider-1", id: "again"),
            Log.command(
                MarkRead(messageId: "no such", actor: Actor(personId: "rider-1", roles: [])), id: "of nothing"),
        ]

    let run = try await applied(values)

    let states = try run.states()
    #expect(states.map(\.recipientId) == ["rider-1", "rider-2", "rider-1"])
    #expect(states.map(\.version) == [1, 1, 2])
    #expect(states.map(\.readAt) == [nil, nil, states[0].writtenAt.adding(milliseconds: 5_000)])
    #expect(states[0].body == "原因")
    let written = try run.all(
        InboxMessageWritten.self, of: InboxMessageWritten.type, on: TopicCatalogue.notificationEvents)
    #expect(written.map(\.messageId) == states.prefix(2).map(\.messageId))
    let read = try run.all(InboxMessageRead.self, of: InboxMessageRead.type, on: TopicCatalogue.notificationEvents)
    #expect(read.map(\.messageId) == [states[0].messageId])
    let refused = try run.all(CommandRefused.self, of: CommandRefused.type, on: TopicCatalogue.notificationEvents)
    #expect(refused.map(\.code) == ["not-allowed", "not-found"])
    let unchanged = try run.all(CommandApplied.self, of: CommandApplied.type, on: TopicCatalogue.notificationEvents)
    #expect(unchanged.filter { $0.commandType == MarkRead.type }.map(\.commandId) == [.named("again")])
}

@Test func `the people of a unit are asked for once, and each finds it in their inbox`() async throws {
    let escalated = Log.event(.escalated)
    let unit = try await applied(Log.pack() + Log.commands(of: escalated) + Log.commands(of: escalated))
    let asked = try unit.all(Notify.self, of: Notify.type, on: TopicCatalogue.notificationCommands)
    #expect(asked.map(\.recipientId) == ["worker-9"] && asked.first?.role == .member)
    #expect(try unit.states().isEmpty)

    let command = try Log.command(try #require(asked.first), id: "to the member")
    let person = try await applied(Log.pack() + [command, command])
    #expect(try person.states().map(\.title) == ["请督办 GX-20261123-0007"])
}

@Test func `who is several is asked for once, by the pack in force`() async throws {
    var office = try await Office(pack: .lively)
    let late = Notify.step(.dispatchOverdue, to: "dispatcher:mingdu", as: .dispatcher)
    try await office.say(late)
    try await office.say(late)

    let asked = try await office.all(Notify.self, of: Notify.type, on: TopicCatalogue.notificationCommands)
    #expect(asked.map(\.recipientId) == ["desk-1"])
    try await office.say(try #require(asked.first))
    #expect(try await office.inbox("desk-1").map(\.aboutType) == ["case.dispatch-overdue"])
    try await office.close()
}

@Test func `a message is put away once, by its recipient`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(Notify.step(.filed))
    let message = try #require(try await office.inbox("rider-1").first)
    for person: PersonID in ["rider-2", "rider-1", "rider-1"] {
        try await office.say(ArchiveMessage(messageId: message.messageId, actor: .person(person)))
    }

    #expect(try await office.inbox("rider-1").map(\.archivedAt) == [nil, office.clock])
    #expect(try await office.refusals() == ["not-allowed"])
    let archived = try await office.all(
        InboxMessageArchived.self, of: InboxMessageArchived.type, on: TopicCatalogue.notificationEvents)
    #expect(archived.map(\.messageId) == [message.messageId])
    try await office.close()
}

@Test func `a setting is answered, also where nothing changed, and refused in words`() async throws {
    var office = try await Office(pack: .lively)
    try await office.say(SetContact.of(.email))
    try await office.say(SetContact.of(.email))
    try await office.say(SetContact.of(.webhook))

    let applied = try await office.all(
        CommandApplied.self, of: CommandApplied.type, on: TopicCatalogue.notificationEvents)
    #expect(applied.map(\.commandType).filter { $0 == SetContact.type }.count == 2)
    #expect(try await office.refusals() == ["bad-channel"])
    #expect(try await office.settings("rider-1")?.version == 1)
    try await office.close()
}

@Test func `a command that is not for notifications is refused in words`() async throws {
    let run = try await applied([
        Log.command(ObserveCase(event: Log.event(.filed)), id: "stranger")
    ])

    let refused = try run.all(CommandRefused.self, of: CommandRefused.type, on: TopicCatalogue.notificationEvents)
    #expect(refused.map(\.code) == ["unknown-command"])
}

@Test func `the translator addresses each whom an event concerns, and passes over what is no event of ours`() throws {
    let event = Log.event(.dispatched)
    func translate(_ event: Envelope<some Payload>) throws -> [Translation] {
        try Translator.notifications.translate(
            SourceRecord(attributes: event.attributes, value: event.value(), topic: "any"))
    }
    let outcome = Envelope(
        CommandApplied(commandId: .named("a"), commandType: "case.act"), id: .named("b"), source: "/case-routing/0",
        time: .morning)

    let translations = try translate(event)

    #expect(translations.map(\.key) == ["rider-1", "rider-2", "worker-1", "unit-1", "endpoints"])
    #expect(
        translations.map(\.addressee) == [
            "reporter:rider-1", "reporter:rider-2", "handler:worker-1", "unit:unit-1", "endpoint:endpoints",
        ])
    #expect(throws: ContractError.unknownType("command.applied")) { try translate(outcome) }
}

@Test func `a notice comes to its person, and an objection to nobody`() throws {
    func translate(_ step: NoticeChanged.Step) throws -> [Translation] {
        let event = Envelope(
            NoticeChanged(
                step: step, noticeId: "notice-1", ledgerId: "nanchang", personId: "rider-1",
                transferIds: ["transfer-1"], points: 10, taken: nil, signalId: nil, objectionUntil: .morning,
                at: .morning, actorId: "desk", reason: "照片重复"),
            id: .named("notice"), source: "/points/0", time: .morning)
        return try Translator.notifications.translate(
            SourceRecord(attributes: event.attributes, value: event.value(), topic: TopicCatalogue.pointsEvents.name))
    }

    #expect(try translate(.given).map(\.addressee) == ["reporter:rider-1", "endpoint:endpoints"])
    #expect(try translate(.objected).map(\.addressee) == ["endpoint:endpoints"])
}

/// The command of a person who has read what the sample pack says about an event.
private func markRead(_ step: CaseChanged.Step, event: String, by person: PersonID, id: String) throws -> Data {
    let message = MessageID(namespace: .named(event), name: "notifications|inbox|rider-1")
    return try Log.command(
        MarkRead(messageId: InboxMessageID(message.description), actor: Actor(personId: person, roles: [])), id: id)
}
