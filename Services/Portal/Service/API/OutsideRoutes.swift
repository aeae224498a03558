import Contracts
import Hummingbird
import ServiceKit

/// The door for an outside party: what it needs to do the work, and the word that it is done.
///
/// - `GET /v1/outside/{token}`: the case.
/// - `POST /v1/outside/{token}`: `{"reason": "…", "photos": […]}`: handled, in their words, and pictures if wanted.
struct OutsideRoutes: Sendable {
    let readModel: ReadModel
    let door: CommandDoor

    func add(to group: some RouterMethods<ServiceRequestContext>) {
        group.get("outside/{token}") { _, context in OutsideView(try await found(context).state) }
        group.post("outside/{token}") { request, context in try await handle(request, context) }
    }

    private func found(_ context: ServiceRequestContext) async throws -> (link: OutsideLink, state: CaseState) {
        let link = OutsideLink(shown: try context.parameters.require("token"))
        guard let state = try await readModel.caseState(of: link),
            state.course?.partyUntil.map({ door.now() <= $0 }) ?? true
        else {
            throw ProblemDetails.notFound("This link leads to no case any more. Ask who gave it to you for a new one.")
        }
        return (link, state)
    }

    private func handle(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let (link, state) = try await found(context)
        let key = try request.idempotencyKey()?.value ?? MessageID.random().description
        let body = try await request.json(context)
        let word = try OutsideWord(body)
        let principal = Principal(subject: link.personId.rawValue, roles: [])
        let given = try await door.give(
            WantedCommand(
                key: key, principal: principal, action: CaseAction.handle.rawValue, about: state.caseId.rawValue,
                fingerprint: Fingerprint(of: ["case": .string(state.caseId.rawValue), "body": body]),
                topic: TopicCatalogue.caseCommands, partitionKey: state.communityId.rawValue
            ) { link.handling(of: state, saying: word, notAfter: $0) })
        switch given.answer {
        case .outcome(.refused(let refusal)): throw ProblemDetails.refused(refusal)
        case .outcome(.failed(let failure)): throw ProblemDetails.failed(failure)
        case .outcome(.applied), .outcome(.noted):
            return try OutsideAnswer(commandId: given.id, outcome: "applied")
                .response(from: request, context: context)
        case .pending:
            var response = try OutsideAnswer(commandId: given.id, outcome: "pending")
                .response(from: request, context: context)
            response.status = .accepted
            return response
        }
    }
}

/// What the party says of its work, and shows of it.
private struct OutsideWord: Sendable {
    let reason: String
    /// Of photos that intake has.
    let photos: [ReportPhoto]?

    init(_ body: JSONValue) throws {
        (reason, photos) = try FieldReader.read(body) { ($0.string("reason", length: 1...1_000), $0.photos()) }
    }
}

/// What became of the party's word: `applied`, or `pending` until it is read.
struct OutsideAnswer: ResponseEncodable, Sendable {
    let commandId: MessageID
    let outcome: String
}

/// A case as its outside party sees it: what and where, and no people.
struct OutsideView: ResponseEncodable, Sendable {
    let caseNumber: String
    let category: CategoryCode
    let stage: CaseStage
    let description: String
    let address: String?
    let location: Location
    let photos: [PhotoID]?
    let deadline: Timestamp?
    let party: String?
    let until: Timestamp?

    init(_ state: CaseState) {
        caseNumber = state.caseNumber
        category = state.category
        stage = state.stage
        description = state.description
        address = state.address
        location = state.location
        photos = state.photos
        deadline = state.deadline
        party = state.course?.party
        until = state.course?.partyUntil
    }
}

extension OutsideLink {
    /// The party's word that the work is done; the case's owner compares the hash with the one it keeps.
    fileprivate func handling(of state: CaseState, saying word: OutsideWord, notAfter: Timestamp) -> ActOnCase {
        ActOnCase(
            caseId: state.caseId, communityId: state.communityId, action: .handle,
            actor: Actor(personId: personId, roles: ["outside-party"]), reason: Masking.masked(word.reason),
            details: StepDetails {
                $0.linkHash = hash
                $0.photos = word.photos
            }, notAfter: notAfter)
    }
}
