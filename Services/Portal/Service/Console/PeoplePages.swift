import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// `/console/people/{id}`: what is kept of somebody, for who must know it, says why, and is told of.
///
/// The address asks for the reason. Only the form with it shows anything, once, after the look lies in the store: see
/// ``ReadModel/note(_:id:source:)``.
struct PeoplePages: Sendable {
    private static let most = 20
    private static let reasonLength = 2...300

    let routes: PageRoutes

    static func address(of person: PersonID) -> String {
        "/console/people/"
            + (person.rawValue.addingPercentEncoding(
                withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-_."))) ?? "")
    }

    func add(to pages: RouterGroup<AuthenticatedRequestContext>) {
        pages.get("console/people/{id}") { request, context in try ask(request, context, trouble: nil) }
        pages.post("console/people/{id}") { request, context in try await show(request, context) }
    }

    private func person(_ context: AuthenticatedRequestContext) throws -> PersonID {
        let id = try context.parameters.require("id")
        return PersonID(id.removingPercentEncoding ?? id)
    }

    private func ask(
        _ request: Request, _ context: AuthenticatedRequestContext, trouble: String?
    ) throws -> Response {
        let person = try person(context)
        let content: [String: Any] = [
            "subject": person.rawValue, "key": routes.formKey(), "trouble": trouble ?? "", "asks": true,
        ]
        return routes.frame.page(
            "console-person", content, routes.visit(request), status: trouble == nil ? .ok : .unprocessableContent)
    }

    private func show(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let person = try person(context)
        let form = try await SentForm(request)
        let visit = routes.visit(request)
        guard let reason = form.fields["reason"], Self.reasonLength.contains(reason.count) else {
            return try ask(request, context, trouble: routes.frame.words.text("people.say-why", visit.language))
        }
        let look = PersonLookedUp(
            personId: person, actor: context.principal.actor(among: []), reason: Masking.masked(reason),
            at: routes.now())
        try await routes.readModel.note(
            look, id: CommandDoor.commandID(subject: context.principal.subject, key: "look|\(form.key)|\(person)"),
            source: routes.door.source)
        let teller = ConsoleTeller(routes, visit, Viewer(context.principal), pack: try await routes.pack())
        var content: [String: Any] = ["subject": person.rawValue, "reason": look.reason, "isShown": true]
        try await fill(&content, with: person, teller)
        return routes.frame.page("console-person", content, visit)
    }

    private func fill(_ content: inout [String: Any], with person: PersonID, _ teller: ConsoleTeller) async throws {
        let names = [person.rawValue]
        let cases = try await routes.readModel.cases(CaseFilter(reporter: names), after: nil, limit: Self.most)
        content["cases"] = cases.map(teller.row)
        content["hasCases"] = !cases.isEmpty
        let balance = try await routes.readModel.balance(of: names)
        content["balance"] = balance.available
        content["pending"] = balance.pending
        content["held"] = balance.held
        let moves = try await routes.readModel.statement(of: names, after: nil, limit: Self.most)
        content["moves"] = moves.map { move -> [String: Any] in
            [
                "points": move.data.points, "name": teller.word("moved.\(move.attributes.type)"),
                "at": teller.time.short(move.time, now: teller.now),
                "why": move.data.explanation(in: teller.visit.language),
                "number": move.data.caseNumber ?? "",
            ]
        }
        content["hasMoves"] = !moves.isEmpty
        let settings = try await settings(of: person, teller)
        content["settings"] = settings
        content["hasSettings"] = !settings.isEmpty
        let looks = try await routes.readModel.looks(at: names, limit: Self.most)
        content["looks"] = looks.looks.map(LookWords(time: teller.time, now: teller.now).content)
        content["lookCount"] = looks.count
    }

    /// How they want to hear, without where: contacts are sealed, and nobody here opens them.
    private func settings(of person: PersonID, _ teller: ConsoleTeller) async throws -> [[String: Any]] {
        guard let state = try await routes.readModel.settings(of: person), let chosen = state.preferences else {
            return []
        }
        let quiet = chosen.quietHours.map { "\(Self.clock($0.from))–\(Self.clock($0.to))" }
        let all: [(String, String?)] = [
            ("people.language", chosen.language.rawValue), ("people.form", chosen.form.rawValue),
            ("people.digest", chosen.digest.rawValue), ("people.quiet", quiet),
            ("people.muted", chosen.muted.isEmpty ? nil : String(chosen.muted.count)),
            ("people.channels", String(state.contacts.count)),
        ]
        return all.compactMap { label, said in said.map { ["label": teller.word(label), "said": $0] } }
    }
}

extension PeoplePages {
    /// Minutes of the day as `22:00`.
    fileprivate static func clock(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60 % 24, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}

/// A look at a person, in words.
struct LookWords {
    let time: LocalTime
    let now: Timestamp

    func content(_ look: PersonLook) -> [String: Any] {
        [
            "at": time.short(look.at, now: now), "atISO": look.at.description, "why": look.reason,
            "actor": look.actorId.rawValue,
        ]
    }
}
