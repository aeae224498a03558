import Contracts
import ServiceKit

/// Tokens of those who play, each made once: a busy city would else spend its time on signing.
actor TokenPurse {
    private let folder: DataFolder
    private var tokens: [CityClient.Person: (token: String, until: ContinuousClock.Instant)] = [:]

    init(_ folder: DataFolder) {
        self.folder = folder
    }

    func token(of person: CityClient.Person) async throws -> String {
        if let known = tokens[person], known.until > .now { return known.token }
        let token = try await TokenCommand.token(folder, roles: [person.role], subject: person.id, hours: 1)
        tokens[person] = (token, .now + .seconds(3_000))
        return token
    }
}
