import Contracts
import NotificationsDomain
import TestSupport
import Testing

@Test(arguments: SeededGenerator.seeds(1, 2, 3, fresh: 5))
func
    `whatever happens, each hears once by each way, never in quiet hours, nothing is lost, and who was forgotten hears nothing`(
        seed: UInt64
    ) async throws
{
    var walk = try await Walk(seed: seed)
    for _ in 0..<160 {
        try await walk.step()
        try await walk.check()
    }
    try await walk.rest()
    try await walk.checkTheEnd()
    try await walk.office.close()
}

/// People, an edge and a clock that do this and that.
private struct Walk {
    private static let people: [PersonID] = ["rider-1", "rider-2", "worker-1"]
    private static let channels: [Channel] = [.email, .sms, .weChat, .webPush]

    let seed: UInt64
    var office: Office
    private var random: SeededGenerator
    private var preferences: [PersonID: NotificationPreferences] = [:]
    private var erased: Set<PersonID> = []
    /// What was told before its person was forgotten.
    private var excused: Set<Told> = []
    /// What waits for a digest, with how many digests its person had by then.
    private var digested: [Told: Int] = [:]

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        office = try await Office(pack: .lively)
        for person in Self.people {
            for channel in Self.channels { try await office.say(SetContact.of(person, channel)) }
        }
    }

    // MARK: - What happens

    mutating func step() async throws {
        let person = Self.people.randomElement(using: &random) ?? "rider-1"
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40: try await tell(person)
        case 40..<60: try await goOn()
        case 60..<76: try await edge()
        case 76..<82: try await setPreferences(of: person)
        case 82..<86: try await setContact(of: person)
        case 86..<92:
            try await office.say(
                GiveConsent(
                    personId: person,
                    template: ["template-progress", "template-points"].randomElement(using: &random) ?? "",
                    consentId: ConsentID("consent-\(Int.random(in: 0..<40, using: &random))"), actor: .person(person)))
            erased.remove(person)
        case 92..<95: try await unsubscribe(person)
        default: try await erase(person)
        }
    }

    private mutating func tell(_ person: PersonID) async throws {
        let event = "event-\(Int.random(in: 0..<80, using: &random))"
        let caseId = CaseID("case-\(Int.random(in: 0..<4, using: &random))")
        let notify: Notify =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .step(.filed, of: caseId, to: person, event: event)
            case 1: .step(.closed, of: caseId, to: person, event: event)
            case 2: .points(10, of: caseId, to: person, event: event)
            case 3: .step(.madeSafe, of: caseId, to: person, event: event)
            case 4: .step(.dispatched, of: caseId, to: person, as: .handler, event: event)
            default: .step(.overdue, of: caseId, to: person, as: .handler, event: event)
            }
        let before = Set(try await office.told())
        let waiting = try await office.count("held", of: person)
        let planned = try await office.sendings().count
        try await office.say(notify)
        let news = try await office.told().filter { !before.contains($0) && $0.channel != .inbox }
        let gone = try await office.count("held", of: person) - waiting + office.sendings().count - planned
        // What neither waits nor was planned is a part of the digest: mail, as the pack says.
        guard gone < news.count else { return }
        for told in news where told.channel == .email { digested[told] = try await digests(of: person) }
    }

    private mutating func goOn() async throws {
        let minutes = [0, 1, 6, 50, 300, 700].randomElement(using: &random) ?? 1
        office.wait(minutes: Int64(minutes))
        if Int.random(in: 0..<3, using: &random) > 0 { try await office.wake() }
    }

    /// The edge tries what is due, or says that it is too late for it.
    private mutating func edge() async throws {
        let clock = office.clock
        let due = try await office.planned().filter { $0.notBefore <= clock && $0.lane != "keys" }
        guard let sending = due.randomElement(using: &random) else { return }
        if let notAfter = sending.notAfter, clock > notAfter {
            return try await office.say(
                DeliveryReported(
                    deliveryId: sending.id, attempt: sending.attempt, outcome: .failed, reason: "too late"))
        }
        switch Int.random(in: 0..<9, using: &random) {
        case 0..<3: try await office.report(sending, .delivered)
        case 3, 4: try await office.report(sending, .failed, canRetry: true, reason: "later")
        case 5: try await office.report(sending, .failed, reason: "no")
        case 6: try await office.report(sending, .unknown, reason: "nobody knows")
        case 7 where sending.message?.channel == .webPush:
            try await office.report(sending, .gone, reason: "answered 410")
        default: try await office.report(sending, .postponed, reason: "too fast")
        }
    }

    private mutating func setPreferences(of person: PersonID) async throws {
        var wishes = NotificationPreferences()
        if Bool.random(using: &random) {
            let from = Int.random(in: 0..<1_440, using: &random)
            let length = Int.random(in: 1...720, using: &random)
            wishes.quietHours = QuietHours(from: from, to: (from + length) % 1_440)
        }
        wishes.utcOffsetMinutes = [nil, 540, -300].randomElement(using: &random) ?? nil
        wishes.mealPeaks = Bool.random(using: &random)
        wishes.digest = Int.random(in: 0..<3, using: &random) == 0 ? .weekly : .off
        if Int.random(in: 0..<4, using: &random) == 0 { wishes.muted = [MutedKind(kind: .work, channel: .sms)] }
        try await office.say(
            SetPreferences(personId: person, preferences: wishes, actor: .person(person)))
        preferences[person] = wishes
        erased.remove(person)
    }

    private mutating func setContact(of person: PersonID) async throws {
        let channel = Self.channels.randomElement(using: &random) ?? .email
        if Bool.random(using: &random) {
            let contact = try await office.settings(person)?.contacts.first { $0.channel == channel }
            return try await office.say(
                RemoveContact(
                    personId: person, contactId: contact?.contactId ?? "none", actor: .person(person)))
        }
        try await office.say(
            SetContact.of(person, channel, box: "box-\(Int.random(in: 0..<3, using: &random))"))
        erased.remove(person)
    }

    private mutating func unsubscribe(_ person: PersonID) async throws {
        let kind = NotificationKind.allCases.randomElement(using: &random)
        try await office.say(
            Unsubscribe(personId: person, channel: .sms, kind: kind, actor: .person(person)))
        var wishes = preferences[person] ?? NotificationPreferences(quietHours: QuietHours(from: 1_320, to: 420))
        if let kind { wishes.muted.append(MutedKind(kind: kind, channel: .sms)) }
        preferences[person] = wishes
    }

    private mutating func erase(_ person: PersonID) async throws {
        excused.formUnion(try await office.told().filter { $0.recipientId == person })
        try await office.say(ErasePerson(personId: person, actor: .person(person)))
        if erased.insert(person).inserted { preferences[person] = nil }
    }

    /// Ten days in which everything is delivered.
    mutating func rest() async throws {
        // At ever other times of the day: looked at only at noon and midnight, somebody may always be asleep or riding.
        for _ in 0..<100 {
            office.wait(minutes: 145)
            try await office.wake()
            let clock = office.clock
            for sending in try await office.planned() where sending.notBefore <= clock && sending.lane != "keys" {
                try await office.report(sending, .delivered)
            }
        }
    }

    // MARK: - What must hold

    private struct Place: Hashable {
        let told: Told
        let browser: ContactID?
    }

    func check() async throws {
        let sendings = try await office.sendings()
        var seen: [Place: DeliveryID] = [:]
        for sending in sendings {
            guard let message = sending.message else { continue }
            for event in sending.events {
                let told = Told(eventId: event, recipientId: message.recipientId, channel: message.channel)
                // Each browser hears of it once; all other ways are one.
                let place = Place(told: told, browser: message.browser)
                #expect(seen[place] == nil, "seed \(seed): \(event) goes to \(message.recipientId) twice")
                seen[place] = sending.id
            }
            guard sending.state == "planned", !message.critical else { continue }
            #expect(staysOpen(sending, message), "seed \(seed): \(message.aboutType) is planned for quiet hours")
        }
        for person in erased {
            for table in ["inboxMessage", "contact", "consent", "held", "sending"] {
                #expect(try await office.count(table, of: person) == 0, "seed \(seed): \(table) of \(person)")
            }
            #expect(!sendings.contains { $0.message?.recipientId == person }, "seed \(seed)")
        }
        #expect(try await office.deadLetters() == 0, "seed \(seed)")
    }

    func checkTheEnd() async throws {
        for person in Self.people { #expect(try await office.count("held", of: person) == 0, "seed \(seed)") }
        let sendings = try await office.sendings()
        let sent = Set(
            sendings.flatMap { sending in
                sending.message.map { message in
                    sending.events.map {
                        Told(eventId: $0, recipientId: message.recipientId, channel: message.channel)
                    }
                } ?? []
            })
        let explained = Set(
            try await office.ended().map {
                Told(eventId: $0.aboutEventId, recipientId: $0.recipientId, channel: $0.channel)
            })
        for told in try await office.told() where told.channel != .inbox && !excused.contains(told) {
            if let before = digested[told] {
                #expect(
                    try await digests(of: told.recipientId) > before, "seed \(seed): \(told) was in no digest")
            } else {
                #expect(sent.contains(told) || explained.contains(told), "seed \(seed): \(told) was lost")
            }
        }
        #expect(!sendings.contains { $0.isOpen && $0.lane != "keys" }, "seed \(seed)")
    }

    private func digests(of person: PersonID) async throws -> Int {
        Set(try await office.inbox(person).filter { $0.aboutType == Digest.type }.map(\.messageId)).count
    }

    /// Looked at minute by minute, without the room's own reckoning.
    private func staysOpen(_ sending: Office.Sending, _ message: OutsideMessage) -> Bool {
        guard let notAfter = sending.notAfter else { return false }
        let wishes =
            preferences[message.recipientId] ?? NotificationPreferences(quietHours: QuietHours(from: 1_320, to: 420))
        let isOwn = [.progress, .points, nil].contains(message.unsubscribe?.kind)
        var windows = wishes.quietHours.map { [[$0.from, $0.to]] } ?? []
        if wishes.mealPeaks, isOwn { windows += [[660, 780], [1_020, 1_140]] }
        let offset = Int64(wishes.utcOffsetMinutes ?? 480)
        let minutes = sending.notBefore.milliseconds / 60_000...notAfter.milliseconds / 60_000
        return minutes.allSatisfy { minute in
            let ofDay = Int((minute + offset) % 1_440)
            return !windows.contains {
                $0[0] <= $0[1] ? ($0[0]..<$0[1]).contains(ofDay) : ofDay >= $0[0] || ofDay < $0[1]
            }
        }
    }
}

extension OutsideMessage {
    fileprivate var browser: ContactID? {
        guard channel == .webPush, case .sealed(_, let contactId) = address else { return nil }
        return contactId
    }
}
