import Contracts
import Foundation
import GRDB

/// The tables of people: what they want, how they are reached, what they agreed to.
enum PersonRows {
    /// Nil for who never set anything.
    static func find(_ id: PersonID, in db: Database) throws -> PersonSettingsState? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM person WHERE id = ?"), arguments: [id.rawValue])
        return try row.map { row in
            PersonSettingsState(
                personId: id, version: row["version"],
                preferences: try (row["preferences"] as String?).map { try read($0, as: NotificationPreferences.self) },
                contacts: try contacts(of: id, in: db), consents: try ConsentRows.left(of: id, in: db),
                lost: try (row["lost"] as String?).map { try read($0, as: [PersonSettingsState.LostContact].self) },
                erasedAt: (row["erasedAt"] as Int64?).map(Timestamp.init(milliseconds:)))
        }
    }

    /// Writes all of it but the consents, which are counted from their own rows.
    static func save(_ person: PersonSettingsState, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO person (id, version, preferences, erasedAt, lost) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (id) DO UPDATE SET version = ?2, preferences = ?3, erasedAt = ?4, lost = ?5
                """
        ).execute(arguments: [
            person.personId.rawValue, person.version, try person.preferences.map(ContractCoding.text),
            person.erasedAt?.milliseconds, try person.lost.map(ContractCoding.text),
        ])
        try db.cachedStatement(sql: "DELETE FROM contact WHERE personId = ?").execute(
            arguments: [person.personId.rawValue])
        for (place, contact) in person.contacts.enumerated() {
            try db.cachedStatement(
                sql: "INSERT INTO contact (personId, channel, id, place, sealed) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [
                person.personId.rawValue, contact.channel.rawValue, contact.contactId.rawValue, place,
                try ContractCoding.text(contact.sealed),
            ])
        }
    }

    /// From when on the person's next digest counts; nil while none is to come.
    static func digestFrom(_ id: PersonID, in db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT digestFrom FROM person WHERE id = ? AND digestFrom IS NOT NULL"),
            arguments: [id.rawValue]
        ).map(Timestamp.init(milliseconds:))
    }

    static func setDigestFrom(_ moment: Timestamp?, of id: PersonID, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE person SET digestFrom = ? WHERE id = ?").execute(
            arguments: [moment?.milliseconds, id.rawValue])
    }

    private static func contacts(of id: PersonID, in db: Database) throws -> [PersonSettingsState.Contact] {
        let contacts = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM contact WHERE personId = ? ORDER BY place"),
            arguments: [id.rawValue]
        ).map { row in
            guard let channel = Channel(rawValue: row["channel"]) else {
                throw NotificationRowError.unreadable("contact of a person")
            }
            return PersonSettingsState.Contact(
                contactId: ContactID(row["id"] as String), channel: channel,
                sealed: try read(row["sealed"], as: SealedContact.self))
        }
        return Channel.allCases.flatMap { channel in contacts.filter { $0.channel == channel } }
    }

    static func read<Value: Decodable>(_ text: String, as type: Value.Type) throws -> Value {
        try ContractCoding.decode(type, from: Data(text.utf8))
    }
}

/// The table of consents: each is one send.
enum ConsentRows {
    static func left(of person: PersonID, in db: Database) throws -> [PersonSettingsState.Consent] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT template, COUNT(*) AS left FROM consent WHERE personId = ? AND spentBy IS NULL
                    GROUP BY template ORDER BY template
                    """),
            arguments: [person.rawValue]
        ).map { PersonSettingsState.Consent(template: $0["template"], left: $0["left"]) }
    }

    static func exists(_ id: ConsentID, of person: PersonID, in db: Database) throws -> Bool {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM consent WHERE personId = ? AND id = ?"),
            arguments: [person.rawValue, id.rawValue]) != nil
    }

    static func insert(
        _ id: ConsentID, template: String, of person: PersonID, at moment: Timestamp, in db: Database
    ) throws {
        try db.cachedStatement(
            sql: "INSERT INTO consent (personId, id, template, givenAt) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [person.rawValue, id.rawValue, template, moment.milliseconds])
    }

    /// Spends the oldest consent to a template; false where there is none.
    static func spend(
        _ template: String, of person: PersonID, by delivery: DeliveryID, in db: Database
    ) throws -> Bool {
        let oldest = try String.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id FROM consent WHERE personId = ? AND template = ? AND spentBy IS NULL
                    ORDER BY givenAt, id LIMIT 1
                    """),
            arguments: [person.rawValue, template])
        guard let oldest else { return false }
        try db.cachedStatement(sql: "UPDATE consent SET spentBy = ? WHERE personId = ? AND id = ?").execute(
            arguments: [delivery.rawValue, person.rawValue, oldest])
        return true
    }

    /// Gives back what a delivery spent that was not sent.
    static func giveBack(_ delivery: DeliveryID, of person: PersonID, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE consent SET spentBy = NULL WHERE personId = ? AND spentBy = ?").execute(
            arguments: [person.rawValue, delivery.rawValue])
    }

    /// Forgets what is left of a template, of which the provider knows nothing.
    ///
    /// What was spent stays counted.
    static func forgetLeft(of template: String, of person: PersonID, in db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE consent SET spentBy = '' WHERE personId = ? AND template = ? AND spentBy IS NULL"
        ).execute(arguments: [person.rawValue, template])
    }

    static func deleteAll(of person: PersonID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM consent WHERE personId = ?").execute(arguments: [person.rawValue])
    }
}
