import ArgumentParser
import Contracts
import Foundation
import PackFolder
import WorkingTime

/// `suishoupai pack check DIR`.
struct PackCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what is in a pack and all that is wrong with it.",
        discussion: """
            Errors keep a pack from being used; warnings are worth a look. Exit status 1 when there are errors.

            EXAMPLES:
              suishoupai pack check deploy/packs/nanchang
              suishoupai pack check deploy/packs/nanchang --json | jq '.problems[] | select(.severity == "error")'
            """)

    @OptionGroup var pack: PackFolderArgument

    @Flag(help: "Print one JSON object, for scripts.")
    var json = false

    func run() throws {
        let report = try PackReport(PackFolder.read(pack.url, today: .today))
        print(json ? try report.json() : report.text)
        if report.problems.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    }
}

extension CivilDay {
    /// By the machine's clock, in UTC: whether a year is near does not turn on hours.
    fileprivate static var today: CivilDay {
        CivilDay(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000), utcOffsetMinutes: 0)
    }
}

/// What `check` has to say.
struct PackReport {
    let contents: PackContents
    let problems: [PackProblem]
    /// Of the compiled pack; nil where there are errors.
    let hash: String?

    init(_ reading: PackFolder.Reading) throws {
        contents = reading.contents
        problems = reading.problems
        hash = try reading.pack.map { Pack.hash(of: try ContractCoding.encode($0)) }
    }

    var text: String {
        let title = [contents.title ?? "(no title)", contents.name.map { "(\($0))" } ?? ""].joined(separator: " ")
        let version = contents.version.map { ", version \($0)" } ?? ""
        let roles = (contents.roles ?? [:]).sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let rows: [(String, Int?, String)] = [
            ("communities", contents.communities, ""),
            ("compounds 小区", contents.compounds, ""),
            ("grids 网格", contents.grids, ""),
            ("units", contents.units, ""),
            ("people", contents.people, roles.joined(separator: ", ")),
            ("duties 值班", contents.duties, ""),
            ("snapshot categories 随手拍", contents.snapshotCategories, ""),
            ("request categories 直通车", contents.requestCategories, ""),
            ("kinds of emergencies 紧急情况", contents.emergencies, ""),
            ("questions 问题", contents.questions, ""),
            ("landmarks 地标", contents.landmarks, ""),
            ("routing rules", contents.routingRules, ""),
            ("point rules", contents.pointRules, ""),
            ("funders 出资方", contents.funders, ""),
            ("teams 团队", contents.teams, ""),
            ("volunteer tasks 志愿服务项目", contents.tasks, ""),
            ("prizes 奖品", contents.prizes, ""),
            ("stations 驿站", contents.stations, ""),
            ("care items 关爱服务", contents.careItems, ""),
            ("texts", contents.templates, ""),
            ("webhooks", contents.webhooks, ""),
            ("holidays", contents.holidays, contents.makeUpDays.map { "\($0) days made up for" } ?? ""),
        ]
        let lines = rows.map { name, count, note in
            let number = count.map(String.init) ?? "?"
            let padding = String(repeating: " ", count: max(0, 6 - number.count))
            return "\(padding)\(number)  \(name)\(note.isEmpty ? "" : " (\(note))")"
        }
        let end = hash.map { ["hash \($0)"] } ?? []
        return ([title + version] + lines + problemLines(problems) + end).joined(separator: "\n")
    }

    func json() throws -> String {
        try ContractCoding.text(
            Document(
                contents: contents, hash: hash,
                problems: problems.map { Problem(severity: $0.severity, details: $0) }))
    }

    private struct Document: Encodable {
        let contents: PackContents
        let hash: String?
        let problems: [Problem]
    }

    /// A problem with its severity written out.
    private struct Problem: Encodable {
        let severity: PackProblem.Severity
        let details: PackProblem

        private enum CodingKeys: String, CodingKey {
            case severity
        }

        func encode(to encoder: any Encoder) throws {
            try details.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(severity, forKey: .severity)
        }
    }
}
