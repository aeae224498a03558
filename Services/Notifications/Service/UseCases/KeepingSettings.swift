import Contracts
import EventProcessing
import NotificationsDomain

/// How people are reached, when and how: what they set, and what follows for what waits.
struct KeepingSettings {
    private let transaction: Transaction

    init(_ transaction: Transaction) {
        self.transaction = transaction
    }

    func setContact(_ command: Command) throws -> Disposition {
        let wish = try command.read(SetContact.self).data
        return try carryOut(command, for: wish.personId) { $0.set(wish) }
    }

    func removeContact(_ command: Command) throws -> Disposition {
        let wish = try command.read(RemoveContact.self).data
        return try carryOut(command, for: wish.personId) { $0.remove(wish) }
    }

    func setPreferences(_ command: Command) throws -> Disposition {
        let wish = try command.read(SetPreferences.self).data
        return try carryOut(command, for: wish.personId) { $0.set(wish) }
    }

    func unsubscribe(_ command: Command) throws -> Disposition {
        let wish = try command.read(Unsubscribe.self).data
        let pack = try transaction.pack()
        return try carryOut(command, for: wish.personId) { rules in
            let own = pack.map { Wishes(rules.settings.preferences, pack: $0).preferences }
            return rules.unsubscribe(wish, from: own ?? rules.settings.preferences ?? NotificationPreferences())
        }
    }

    func giveConsent(_ command: Command) throws -> Disposition {
        let wish = try command.read(GiveConsent.self).data
        let wasGiven = try ConsentRows.exists(wish.consentId, of: wish.personId, in: transaction.database)
        return try carryOut(command, for: wish.personId) { rules in
            rules.consent(wish, wasGiven: wasGiven)
        } and: { _ in
            try ConsentRows.insert(
                wish.consentId, template: wish.template, of: wish.personId, at: transaction.clock,
                in: transaction.database)
        }
    }

    /// A contact that will never be reached again.
    func dropContact(
        _ contactId: ContactID, of person: PersonID, because reason: PersonSettingsState.LostContact.Reason
    ) throws {
        guard let before = try PersonRows.find(person, in: transaction.database),
            let after = rules(before).losing(contactId, because: reason)
        else { return }
        try keep(after, insteadOf: before)
    }

    private func rules(_ settings: PersonSettingsState) -> SettingsRules {
        SettingsRules(settings, at: transaction.clock, by: transaction.rules)
    }

    /// Publishes the settings as they stand, with the consents that are left.
    func publish(_ person: PersonID) throws {
        guard var settings = try PersonRows.find(person, in: transaction.database) else { return }
        settings.version += 1
        try PersonRows.save(settings, in: transaction.database)
        try transaction.emit(settings, to: TopicCatalogue.notificationSettings, key: person.rawValue)
    }

    // MARK: - Parts

    private func carryOut(
        _ command: Command, for person: PersonID, _ decide: (SettingsRules) -> SettingsDecision,
        and follow: (PersonSettingsState) throws -> Void = { _ in }
    ) throws -> Disposition {
        let before =
            try PersonRows.find(person, in: transaction.database) ?? PersonSettingsState(personId: person, version: 0)
        switch decide(rules(before)) {
        case .refused(let refusal): return refusal.disposition(transaction.rules)
        case .unchanged: return .applied
        case .changed(let after):
            try follow(after)
            try keep(after, insteadOf: before)
            try transaction.answer(command)
            return .applied
        }
    }

    private func keep(_ after: PersonSettingsState, insteadOf before: PersonSettingsState) throws {
        try PersonRows.save(after, in: transaction.database)
        try publish(after.personId)
        try revise(after, insteadOf: before)
        try HoldingMessages(transaction).settle(after.personId)
        try WritingDigests(transaction).settle(after.personId)
    }

    /// What is planned goes to the new address at an hour that suits now, or not at all where it is not wanted any more.
    private func revise(_ after: PersonSettingsState, insteadOf before: PersonSettingsState) throws {
        guard let pack = try transaction.pack() else { return }
        let wishes = Wishes(after.preferences, pack: pack)
        for channel in before.reached {
            let isSame =
                before.contacts.filter { $0.channel == channel } == after.contacts.filter { $0.channel == channel }
            guard !isSame || after.preferences != before.preferences else { continue }
            try PlanningDeliveries(transaction).revise(
                of: after.personId, on: channel, because: "the person wants no more of these"
            ) { message, delivery in
                guard let contact = after.contact(for: message, by: transaction.rules), message.isWanted(by: wishes)
                else { return nil }
                let address = OutsideAddress.sealed(contact: contact.sealed, contactId: contact.contactId)
                return revision(of: delivery, message.addressed(to: address), wishes)
            }
        }
    }

    private func revision(
        of delivery: PlannedDelivery, _ message: OutsideMessage, _ wishes: Wishes
    ) -> PlanningDeliveries.Revision? {
        message.closedHours(by: wishes).round(
            from: max(delivery.notBefore, transaction.clock), plannedAt: delivery.plannedAt
        ).map {
            PlanningDeliveries.Revision(message: message, notBefore: $0.notBefore, notAfter: $0.notAfter)
        }
    }
}
