import Contracts
import Hummingbird
import ServiceKit

/// `/console/admin`: the pack in force, people and roles, keys, who is called, what could not be processed, and how this
/// portal is.
struct AdminPages: Sendable {
    let routes: PageRoutes

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.get("console/admin") { request, _ in
            let visit = routes.visit(request)
            let found = try await routes.readModel.administration()
            let teller = AdminTeller(
                found: found, frame: routes.frame, visit: visit, now: routes.now(), progress: routes.progress)
            return routes.frame.page("admin", teller.page, visit)
        }
        group.get("console/admin/people") { request, _ in
            let visit = routes.visit(request)
            let pack = try await routes.pack()
            return routes.frame.page("people", people(pack, request, visit), visit)
        }
    }

    private func people(_ pack: Pack?, _ request: Request, _ visit: Visit) -> [String: Any] {
        let wanted = request.uri.queryParameters["role"].map(String.init) ?? ""
        let roles = Set((pack?.people ?? []).flatMap(\.roles)).sorted()
        func name(_ role: String) -> String {
            let known = routes.frame.words.text("role.\(role)", visit.language)
            return known == "role.\(role)" ? role : known
        }
        let shown = (pack?.people ?? []).filter { wanted.isEmpty || $0.roles.contains(wanted) }
        return [
            "packTitle": pack?.title ?? "", "peopleCount": shown.count, "isNobody": shown.isEmpty,
            "roles": roles.map { ["choiceId": $0, "choiceName": name($0), "isChosen": $0 == wanted] },
            "people": shown.map { person in
                [
                    "personId": person.id.rawValue, "personRoles": person.roles.map(name).joined(separator: ", "),
                    "personUnit": pack?.units.first { $0.id == person.unitId }?.name ?? "",
                    "personPlaces": person.communityIds.map { id in
                        pack?.communities.first { $0.id == id }?.name ?? id.rawValue
                    }.joined(separator: ", "),
                ]
            },
            "stations": (pack?.points?.stations ?? []).filter { !$0.staffIds.isEmpty }.map {
                ["stationName": $0.name, "stationStaff": $0.staffIds.map(\.rawValue).joined(separator: ", ")]
            },
        ]
    }
}
