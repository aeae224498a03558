import ArgumentParser
import Foundation
import ServiceKit

/// `suishoupai token`: a token for one person of a deployment on one machine.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print a bearer token, signed with the data folder's key.",
        discussion: """
            Examples:
              suishoupai token --data ./data --role rider --subject rider-7
              curl -H "Authorization: Bearer $(suishoupai token --data ./data --role admin --subject me)" …
            """)

    @Option(help: "The data folder.")
    var data: String

    @Option(
        help: """
            A role: rider, resident, worker, verifier, dispatcher, admin, platform, station. May be given several times.
            """)
    var role: [String]

    @Option(help: "The person's pseudonymous id.")
    var subject: String

    @Option(help: "For how many hours it is good.")
    var hours = 24

    func run() async throws {
        let roles = try role.map { name in
            guard let role = Role(rawValue: name) else {
                throw ValidationError(
                    "'\(name)' is no role; choose from " + Role.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return role
        }
        guard !roles.isEmpty else { throw ValidationError("Give at least one --role.") }
        print(try await Self.token(DataFolder(data), roles: Set(roles), subject: subject, hours: hours))
    }

    static func token(_ folder: DataFolder, roles: Set<Role>, subject: String, hours: Int) async throws -> String {
        let key = try DataFolderKey.load(.jwt, in: folder.url)
        let issuer = await TokenIssuer(key: key, now: { Date() })
        return try await issuer.issue(subject: subject, roles: roles, lifetime: .seconds(hours * 3_600))
    }
}
