import ArgumentParser
import Contracts
import Foundation

/// `suishoupai erase`: a person who asks to be forgotten.
struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Forget how a person is reached and what they were told, and destroy the key of it.",
        discussion: """
            Contacts, preferences, consents and messages go; the person's key is destroyed, so that copies in backups and \
            logs can be read by nobody. Cases and points stay under the pseudonym. A person's confidential name is a \
            person of its own: people who sign in forget both at once with DELETE /v1/me.

            Example:
              suishoupai erase rider-1 --data ./data --yes
            """)

    @OptionGroup var options: NotificationFolderOptions

    @Argument(help: "The person's id.")
    var person: String

    @Flag(help: "Do it: it cannot be undone.")
    var yes = false

    func validate() throws {
        guard yes else { throw ValidationError("This cannot be undone: add --yes to do it.") }
        guard !person.isEmpty else { throw ValidationError("Name the person.") }
    }

    func run() async throws {
        try await NotificationDesk.Fault.reporting {
            try await options.desk().give(
                ErasePerson(personId: PersonID(person), actor: NotificationDesk.actor), key: person)
            print(
                options.json
                    ? try ContractCoding.text(["personId": person, "erased": "true"]) : "✓ \(person) is forgotten")
        }
    }
}
