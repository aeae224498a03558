import ArgumentParser
import Contracts
import EventProcessing
import Foundation
import Geography
import OwnerRules
import PackFolder

/// `suishoupai rules explain`: whom the rules of a pack name, and why.
struct RulesExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says who would own a problem, by which rule, and why no rule before it decides.",
        discussion: """
            Nobody is busy in this question. The community is the one that the place lies in.

            Exit status: 0 when there is an answer, 1 when the pack has errors, 2 when the command was not understood.

            EXAMPLES:
              suishoupai rules explain --pack deploy/packs/nanchang --category E0102 --at 28.6845,115.9455
              suishoupai rules explain --pack deploy/packs/nanchang --category 路面塌陷 --at 28.6845,115.9455 \\
                --time 2026-11-23T23:00:00+08:00 --json
            """)

    @Option(help: ArgumentHelp("The pack folder.", valueName: "dir"))
    var pack: String

    @Option(help: "The category, by code or name.")
    var category: String

    @Option(help: ArgumentHelp("The place in WGS-84 degrees.", valueName: "latitude,longitude"))
    var at: String

    @Option(help: ArgumentHelp("When, RFC 3339 (default: now).", valueName: "time"))
    var time: String?

    @Option(help: "snapshot or request (default: as the category is).")
    var kind: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        guard FileManager.default.fileExists(atPath: pack) else { throw ValidationError("\(pack) is not a folder.") }
        let reading = PackFolder.read(URL(fileURLWithPath: pack, isDirectory: true))
        guard let read = reading.pack else {
            print(problemLines(reading.problems).joined(separator: "\n"))
            throw ExitCode(1)
        }
        let question = try question(read)
        let rules = OwnerRules(read)
        let answer = Answer(
            communityId: question.communityId, at: question.now, decision: rules.decide(question) { _ in 0 },
            verdicts: rules.explain(question))
        print(json ? try ContractCoding.text(answer) : answer.text)
    }

    private func question(_ read: Pack) throws -> OwnerQuestion {
        let codes = RuleNames(read).categories(called: category)
        guard codes.count == 1, let found = read.categories.first(where: { $0.code == codes[0] }) else {
            throw ValidationError("\(category) is no category of the pack, or several; give its code.")
        }
        let degrees = at.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard degrees.count == 2, let location = Location(latitude: degrees[0], longitude: degrees[1]) else {
            throw ValidationError("--at '\(at)' is no place; write it like 28.6845,115.9455, the latitude first.")
        }
        let moment = time.map { Timestamp($0) } ?? .now
        guard let moment else {
            throw ValidationError("--time '\(time ?? "")' is no time; write it like 2026-11-23T08:00:00+08:00.")
        }
        let asked = kind.map { ReportKind(rawValue: $0) } ?? found.kind
        guard let asked else { throw ValidationError("--kind is snapshot or request.") }
        return OwnerQuestion(
            category: found.code, communityId: try Self.community(at: location, read), location: location, kind: asked,
            now: moment)
    }

    private static func community(at location: Location, _ pack: Pack) throws -> CommunityID {
        // An outline has the compact form of an area, so it is read by the one reader of that form.
        let index = AreaIndex(
            try pack.communities.map { community in
                let outline = try ContractCoding.encode(community.outline)
                return (id: community.id, area: try ContractCoding.decode(MultiPolygon.self, from: outline))
            })
        return Place(latitudeE7: location.latitudeE7, longitudeE7: location.longitudeE7).flatMap(index.find)
            ?? .unassigned
    }

    private struct Answer: Encodable {
        struct Rule: Encodable {
            let rule: String
            let sentence: String
            let verdict: String
        }

        let communityId: CommunityID
        let at: Timestamp
        let ruleId: String?
        let ownerUnitId: UnitID?
        let handlerId: PersonID?
        let trace: String
        /// Those for the category, down to the one that decides.
        let rules: [Rule]

        init(
            communityId: CommunityID, at: Timestamp, decision: OwnerDecision, verdicts: [OwnerRules.RuleVerdict]
        ) {
            self.communityId = communityId
            self.at = at
            ruleId = decision.ruleId
            ownerUnitId = decision.unitId
            handlerId = decision.handlerId
            trace = decision.trace
            rules = verdicts.map {
                Rule(rule: $0.rule.id, sentence: $0.rule.sentence ?? $0.rule.written, verdict: $0.verdict)
            }
        }

        var text: String {
            let header = ["\(communityId), \(at)", trace]
            return (header + rules.map { "  \($0.rule)  \($0.verdict)" }).joined(separator: "\n")
        }
    }
}
