import Contracts
import ServiceKit

@testable import Portal

/// `docs/rights.md`, from the tables that portal decides by.
enum RightsPage {
    static var text: String {
        """
        # Rights

        Who may do and see what in portal. Written from the tables in `Services/Portal/Service/Rights`, by which portal
        decides; `RightsTests`, `PageRightsTests`, `FieldRightTests` and `StepRightTests` ask a running portal for every
        row. What has no row is nobody's, and fails a test. To write this again: delete it, then
        `WRITE_MISSING_GOLDEN=1 deploy/test --filter 'page of rights'`. One person may have several roles. What
        report-intake takes is in [intake](intake.md); an action is decided again by routing, on what it knows.

        ## Calls

        ✓ may; r only by the relation in the last column, else 403 or 404. Without a good token: 401.

        \(table(["call"], closed(CallRight.calls).map(callRow)))

        For everybody, without a token: \(open(CallRight.calls)).

        Portal hands these on to report-intake, and says who asks:

        \(table(["call"], CallRight.forwarded.map(callRow)))

        ## Actions on a case

        By `POST /v1/cases/{id}/actions`. Who may try; the case, its unit and who had a hand in it decide further.

        \(table(["action"], CaseAction.allCases.map { action in
            ["`\(action.rawValue)`"] + marks { action.roles.contains($0) ? "✓" : "" } + [""]
        }))

        ## Pages and their forms

        ✓ may; all others get a page that says so, with 403. Whoever has not signed in is led to `/sign-in`.

        \(table(["page"], closed(CallRight.pages).map(callRow)))

        For everybody: \(open(CallRight.pages)).

        ## Fields of a case

        ✓ in full; m masked, as the last column says. What is not listed is for whoever is signed in.

        \(table(["field"], CaseField.allCases.map { fieldRow($0.rawValue, $0.right) }))

        ## Fields of a step and of the log

        \(table(["field"], StepField.allCases.map { fieldRow($0.rawValue, $0.right) }))

        """
    }

    private static func closed(_ rights: [CallRight]) -> [CallRight] { rights.filter { $0.caller != .everybody } }

    private static func open(_ rights: [CallRight]) -> String {
        rights.filter { $0.caller == .everybody }.map { "`\($0.call)`" }.joined(separator: ", ")
    }

    private static func callRow(_ right: CallRight) -> [String] {
        let cells: [String] =
            switch right.caller {
            case .everybody, .signedIn: marks { _ in "✓" }
            case .roles(let roles): marks { roles.contains($0) ? "✓" : "" }
            case .related(let roles): marks { roles.contains($0) ? "✓" : "r" }
            }
        return ["`\(right.call)`"] + cells + [right.limit]
    }

    private static func fieldRow(_ name: String, _ right: FieldRight) -> [String] {
        var words = right.relation.map { ["✓ \($0.rawValue)"] } ?? []
        var other = ""
        if case .masked(let how) = right.otherwise {
            words.append("m: \(how.rawValue)")
            other = "m"
        }
        return ["`\(name)`"] + marks { right.roles.contains($0) ? "✓" : other } + [words.joined(separator: "; ")]
    }

    private static func marks(_ mark: (Role) -> String) -> [String] { Role.allCases.map(mark) }

    private static func table(_ head: [String], _ rows: [[String]]) -> String {
        let names = head + Role.allCases.map(\.rawValue) + ["besides"]
        return ([names, names.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}
